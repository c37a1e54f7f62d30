"""A purchase, from the question to the refund, as the official client and a listener see it."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
import stripe

from tests.simulators.card_issuer.conftest import AUTHORISATIONS_SECRET, EVENTS_SECRET, answer
from tests.simulators.listener import PATIENCE_SECONDS, Answer


def opened(received, *, secret):
    return stripe.Webhook.construct_event(
        received.body, received.headers["Stripe-Signature"], secret
    )


def last_entry(authorisation):
    return authorisation.request_history[-1]


def test_a_card_carries_our_purchase_and_never_its_number(client, card, programme):
    again = client.issuing.cards.retrieve(card.id, {"expand": ["number", "cvc"]})

    assert again.id.startswith("ic_")
    assert again.cardholder.id.startswith("ich_")
    assert again.status == "active"
    assert again.metadata["purchase"] == "p-1"
    assert again.spending_controls.spending_limits[0].amount == 50_00
    assert again.livemode is False
    assert {"number", "cvc"}.isdisjoint(again.to_dict())
    programme.wait_for("issuing_card.created")


def test_a_purchase_is_asked_for_and_approved(buy, programme):
    authorisation = buy()

    asked = opened(
        programme.wait_for("issuing_authorization.request")[0], secret=AUTHORISATIONS_SECRET
    )
    question = asked.data.object
    assert asked.id.startswith("evt_")
    assert question.id == authorisation.id
    assert question.amount == 0
    assert question.pending_request.amount == 35_00
    assert question.pending_request.is_amount_controllable is False
    assert question.merchant_data.category_code == "8299"
    assert question.card.metadata["purchase"] == "p-1"
    assert question.request_history == []

    told = opened(programme.wait_for("issuing_authorization.created")[0], secret=EVENTS_SECRET)
    for seen in (authorisation, told.data.object):
        assert seen.approved is True
        assert seen.amount == 35_00
        assert seen.status == "pending"
        assert seen.pending_request is None
        assert seen.metadata["hold"] == "h1"
        assert last_entry(seen).reason == "webhook_approved"


def test_many_purchases_at_once_are_each_asked_for_once(buy, programme):
    with ThreadPoolExecutor(max_workers=4) as shops:
        bought = list(shops.map(lambda _: buy(amount=1_00), range(64)))

    assert all(authorisation.approved for authorisation in bought)
    assert len(programme.of_type("issuing_authorization.request")) == 64
    programme.wait_for("issuing_authorization.created", times=64)


def test_a_captured_purchase_is_closed_and_its_transaction_is_below_zero(client, buy, programme):
    authorisation = buy()

    captured = client.test_helpers.issuing.authorizations.capture(authorisation.id)

    told = opened(programme.wait_for("issuing_transaction.created")[0], secret=EVENTS_SECRET)
    transaction = told.data.object
    assert transaction.id.startswith("ipi_")
    assert (transaction.type, transaction.amount) == ("capture", -35_00)
    assert transaction.authorization == authorisation.id
    updated = opened(programme.wait_for("issuing_authorization.updated")[0], secret=EVENTS_SECRET)
    assert updated.data.object.status == "closed"
    assert updated.data.previous_attributes["status"] == "pending"
    assert captured.transactions[0].id == transaction.id


def test_a_refund_is_above_zero_and_never_more_than_was_captured(client, buy, programme):
    authorisation = buy()
    capture = client.test_helpers.issuing.authorizations.capture(authorisation.id).transactions[0]

    refund = client.test_helpers.issuing.transactions.refund(capture.id, {"refund_amount": 10_00})

    assert (refund.type, refund.amount) == ("refund", 10_00)
    assert refund.authorization == authorisation.id
    told = programme.wait_for("issuing_transaction.created", times=2)
    assert {one.event["data"]["object"]["amount"] for one in told} == {-35_00, 10_00}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.test_helpers.issuing.transactions.refund(capture.id, {"refund_amount": 25_01})
    assert refused.value.param == "refund_amount"
    found = client.issuing.transactions.list({"authorization": authorisation.id})
    assert [one.amount for one in found] == [10_00, -35_00]


def test_a_purchase_that_the_programme_refuses_is_declined(buy, programme):
    programme.answer_with("/authorisations", answer(approved=False, metadata={"why": "no money"}))

    authorisation = buy()

    assert authorisation.approved is False
    assert authorisation.status == "closed"
    assert authorisation.metadata["why"] == "no money"
    assert last_entry(authorisation).reason == "webhook_declined"


@pytest.mark.parametrize("answer_limit_seconds", [0.3])
def test_an_answer_after_the_limit_is_declined_as_webhook_timeout(buy, programme):
    is_over = Event()

    def answer_when_it_is_over(_request):
        is_over.wait(timeout=PATIENCE_SECONDS)
        return answer(approved=True)

    programme.answer_with("/authorisations", answer_when_it_is_over)

    authorisation = buy()
    is_over.set()

    assert last_entry(authorisation).reason == "webhook_timeout"
    assert authorisation.approved is False


def test_a_fault_makes_a_good_answer_count_as_late(buy, fault, programme):
    fault(fault="late_answer")

    first, second = buy(), buy()

    assert last_entry(first).reason == "webhook_timeout"
    assert first.approved is False
    assert last_entry(second).reason == "webhook_approved"
    assert len(programme.wait_for("issuing_authorization.request", times=2)) == 2


JSON = {"Content-Type": "application/json", "Stripe-Version": "2026-10-28.endive"}


@pytest.mark.parametrize(
    "bad",
    [
        Answer(status=500, body=b'{"approved": true}', headers=JSON),
        Answer(body=b'{"approved": true}', headers={**JSON, "Content-Type": "text/plain"}),
        Answer(body=b'{"approved": true}', headers={"Content-Type": "application/json"}),
        Answer(body=b"no JSON", headers=JSON),
        Answer(body=b'{"approved": "yes"}', headers=JSON),
        Answer(body=json.dumps({"approved": True, "amount": 1}).encode(), headers=JSON),
        Answer(body=b'{"approved": true, "metadata": {"a": 1}}', headers=JSON),
    ],
)
def test_an_answer_that_is_not_as_agreed_is_declined_as_webhook_error(bad, buy, programme):
    programme.answer_with("/authorisations", bad)

    authorisation = buy()

    assert authorisation.approved is False
    assert last_entry(authorisation).reason == "webhook_error"
    assert last_entry(authorisation).reason_message


@pytest.mark.parametrize("status", ["canceled", "inactive"])
def test_nobody_is_asked_about_a_card_that_is_not_active(status, client, card, buy, programme):
    client.issuing.cards.update(card.id, {"status": status})

    authorisation = buy()

    assert last_entry(authorisation).reason == f"card_{status}"
    programme.wait_for("issuing_authorization.created")
    assert programme.of_type("issuing_authorization.request") == []


def test_the_cards_own_limit_declines_without_a_question(buy, programme):
    assert last_entry(buy(amount=50_01)).reason == "spending_controls"
    assert programme.of_type("issuing_authorization.request") == []


@pytest.mark.parametrize(
    "controls",
    [
        {"blocked_categories": ["educational_services"]},
        {"allowed_categories": ["taxicabs_limousines"]},
        {"allowed_merchant_countries": ["FR"]},
        {
            "spending_limits": [
                {"amount": 1, "interval": "all_time", "categories": ["educational_services"]}
            ]
        },
    ],
)
def test_the_cards_own_controls_decline_without_a_question(controls, client, card, buy):
    client.issuing.cards.update(card.id, {"spending_controls": controls})

    assert last_entry(buy()).reason == "spending_controls"


def test_a_limit_for_all_time_counts_what_was_bought_before(client, card, buy):
    limits = [{"amount": 50_00, "interval": "all_time"}]
    client.issuing.cards.update(card.id, {"spending_controls": {"spending_limits": limits}})

    assert [buy(amount=amount).approved for amount in (30_00, 20_01, 20_00)] == [True, False, True]


def test_a_cancelled_card_stays_cancelled(client, card):
    client.issuing.cards.update(card.id, {"status": "canceled"})

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.issuing.cards.update(card.id, {"status": "active"})
    assert refused.value.param == "status"


def test_a_smaller_sum_is_approved_where_the_shop_can_take_it(buy, programme):
    programme.answer_with("/authorisations", answer(approved=True, amount=20_00))

    assert buy(is_amount_controllable=True).amount == 20_00


def test_an_increment_is_asked_for_again_and_a_refused_one_leaves_the_first_sum(
    client, buy, programme
):
    authorisation = buy(amount=10_00)
    increment = client.test_helpers.issuing.authorizations.increment

    grown = increment(authorisation.id, {"increment_amount": 5_00})
    programme.answer_with("/authorisations", answer(approved=False))
    refused = increment(authorisation.id, {"increment_amount": 7_00})

    questions = programme.wait_for("issuing_authorization.request", times=3)
    asked = questions[1].event["data"]["object"]
    assert (asked["amount"], asked["pending_request"]["amount"]) == (10_00, 5_00)
    assert grown.amount == 15_00
    assert (refused.amount, refused.approved, refused.status) == (15_00, True, "pending")
    assert [entry.approved for entry in refused.request_history] == [True, True, False]
    programme.wait_for("issuing_authorization.updated", times=2)


def test_what_is_held_can_be_given_back_in_part_and_then_wholly(client, buy, programme):
    authorisation = buy()
    reverse = client.test_helpers.issuing.authorizations.reverse

    part = reverse(authorisation.id, {"reverse_amount": 15_00})
    whole = reverse(authorisation.id)

    assert (part.amount, part.status) == (20_00, "pending")
    assert (whole.amount, whole.status) == (0, "reversed")
    programme.wait_for("issuing_authorization.updated", times=2)


def test_an_expired_purchase_can_still_be_captured(client, buy):
    authorisation = buy()

    expired = client.test_helpers.issuing.authorizations.expire(authorisation.id)
    captured = client.test_helpers.issuing.authorizations.capture(
        authorisation.id, {"capture_amount": 35_00}
    )

    assert expired.status == "expired"
    assert captured.status == "closed"


def test_a_purchase_can_be_captured_in_parts(client, buy):
    authorisation = buy()
    capture = client.test_helpers.issuing.authorizations.capture

    first = capture(authorisation.id, {"capture_amount": 5_00, "close_authorization": False})
    last = capture(authorisation.id)

    assert first.status == "pending"
    assert [one.amount for one in last.transactions] == [-5_00, -30_00]


def test_money_can_move_without_a_purchase(client, card, programme):
    helpers = client.test_helpers.issuing.transactions

    forced = helpers.create_force_capture({"card": card.id, "amount": 9_00})
    refunded = helpers.create_unlinked_refund({"card": card.id, "amount": 4_00})

    assert (forced.amount, forced.authorization) == (-9_00, None)
    assert (refunded.amount, refunded.authorization) == (4_00, None)
    programme.wait_for("issuing_transaction.created", times=2)


def test_what_is_over_cannot_be_changed(client, buy, programme):
    helpers = client.test_helpers.issuing.authorizations
    programme.answer_with("/authorisations", answer(approved=False))
    declined = buy()

    for change in (helpers.capture, helpers.expire, helpers.reverse):
        with pytest.raises(stripe.InvalidRequestError):
            change(declined.id)

    assert client.issuing.authorizations.retrieve(declined.id).status == "closed"


def test_no_more_is_given_back_than_is_held(client, buy):
    authorisation = buy()

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.test_helpers.issuing.authorizations.reverse(
            authorisation.id, {"reverse_amount": 35_01}
        )

    assert refused.value.param == "reverse_amount"


def test_a_forced_capture_can_be_refunded_once(client, card):
    helpers = client.test_helpers.issuing.transactions
    forced = helpers.create_force_capture({"card": card.id, "amount": 9_00})

    refund = helpers.refund(forced.id)

    assert client.issuing.transactions.retrieve(refund.id).amount == 9_00
    with pytest.raises(stripe.InvalidRequestError):
        helpers.refund(forced.id)


def test_a_forged_question_is_signed_wrongly(buy, fault, programme):
    fault(fault="bad_signature", type="issuing_authorization.request")

    buy()

    with pytest.raises(stripe.SignatureVerificationError):
        opened(programme.wait_for("issuing_authorization.request")[0], secret=AUTHORISATIONS_SECRET)
