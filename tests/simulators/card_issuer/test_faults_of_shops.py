"""Faults 13 to 23 and 28 by rule: what shops, disputes, files and the issuer's own paths do."""

import pytest
import requests
import stripe

from tests.simulators.card_issuer.conftest import answer


@pytest.fixture
def capture(client):
    return client.test_helpers.issuing.authorizations.capture


def amounts(client, card):
    found = client.issuing.transactions.list({"card": card.id})
    return [one.amount for one in found.auto_paging_iter()][::-1]


@pytest.mark.parametrize(("variant", "amount"), [("zero", 0), ("penny", 1)])
def test_13_a_card_is_checked_before_a_purchase(variant, amount, client, buy, fault):
    fault(fault="card_check", variant=variant)

    buy()

    first = client.issuing.authorizations.list().data[-1]
    assert (first.request_history[0].amount, first.status) == (amount, "reversed")


def test_14_a_purchase_grows_as_often_as_the_rule_says(client, buy, fault):
    fault(fault="increment", amount=2_00, times=3)

    assert buy(amount=10_00).amount == 16_00


@pytest.mark.parametrize(
    ("rule", "status", "amount"),
    [
        ({"fault": "reversal"}, "reversed", 0),
        ({"fault": "reversal", "variant": "part", "amount": 5_00}, "pending", 30_00),
        ({"fault": "expiry", "variant": "alone"}, "expired", 35_00),
        ({"fault": "expiry"}, "closed", 35_00),
    ],
)
def test_15_16_a_purchase_is_given_back_or_lapses(rule, status, amount, buy, fault):
    fault(**rule)

    authorisation = buy()

    assert (authorisation.status, authorisation.amount) == (status, amount)


@pytest.mark.parametrize(
    ("variant", "taken"),
    [
        ("under", [-32_00]),
        ("over", [-38_00]),
        ("multi", [-3_00, -32_00]),
        ("tip", [-35_00, -3_00]),
    ],
)
def test_17_a_claim_is_more_less_or_several(*, variant, taken, client, card, buy, fault, capture):
    fault(fault="odd_capture", variant=variant, amount=3_00)

    claimed = capture(buy().id)

    assert claimed.status == "closed"
    assert amounts(client, card) == taken


@pytest.mark.parametrize("variant", ["no_authorization", "canceled_card"])
def test_18_money_is_taken_without_a_question(*, variant, client, card, buy, fault, capture):
    fault(fault="unasked_capture", variant=variant)

    authorisation = buy()
    capture(authorisation.id)

    (taken,) = client.issuing.transactions.list({"card": card.id}).data
    assert taken.amount == -35_00
    assert taken.authorization == (None if variant == "no_authorization" else authorisation.id)


def test_18_money_is_taken_after_a_no(client, card, buy, fault, programme):
    programme.answer_with("/authorisations", answer(approved=False))
    fault(fault="unasked_capture", variant="after_decline")

    assert buy().approved is False
    assert amounts(client, card) == [-35_00]


@pytest.mark.parametrize(
    ("variant", "moved"),
    [
        ("linked", [-35_00, 10_00]),
        ("unlinked", [-35_00, 10_00]),
        ("wrongly_linked", [-35_00, 10_00]),
        ("early", [10_00, -35_00]),
        ("duplicate_amount", [-35_00, 10_00, 10_00]),
        ("reversed", [-35_00, 10_00, -10_00]),
    ],
)
def test_19_money_comes_back_in_six_ways(*, variant, moved, client, card, buy, fault, capture):
    fault(fault="odd_refund", variant=variant, amount=10_00)

    authorisation = buy()
    capture(authorisation.id)

    found = list(client.issuing.transactions.list({"card": card.id}))[::-1]
    assert [one.amount for one in found] == moved
    named = {one.authorization for one in found} - {authorisation.id}
    assert len(named) == int(variant in {"unlinked", "wrongly_linked"})


@pytest.mark.parametrize(("variant", "taken"), [("dearer", -36_00), ("cheaper", -34_00)])
def test_20_a_rate_moves_before_the_claim(variant, taken, buy, fault, capture):
    fault(fault="foreign_drift", variant=variant, amount=1_00)

    transaction = capture(buy().id).transactions[0]

    assert (transaction.amount, transaction.merchant_currency) == (taken, "eur")


def test_20_a_fee_is_a_line_of_its_own(client, buy, fault, capture):
    fault(fault="fee_line", amount=9)

    transaction = capture(buy().id).transactions[0]

    moved = client.balance_transactions.retrieve(transaction.balance_transaction)
    assert (moved.amount, moved.fee, moved.fee_details[0].amount) == (-35_00, 9, 9)


@pytest.mark.parametrize(
    ("variant", "status"),
    [
        ("won", "won"),
        ("lost", "lost"),
        ("expired", "expired"),
        ("rescinded", "submitted"),
        ("refunded_meanwhile", "lost"),
    ],
)
def test_21_a_claim_is_disputed(*, variant, status, client, buy, fault, capture):
    fault(fault="dispute", variant=variant)

    capture(buy().id)

    (dispute,) = client.issuing.disputes.list().data
    assert dispute.status == status
    if variant == "refunded_meanwhile":
        assert dispute.loss_reason == "refund_issued"


@pytest.mark.parametrize(
    ("variant", "error"),
    [
        ("too_many", stripe.RateLimitError),
        ("server_error", stripe.APIError),
        ("lost_answer", stripe.APIError),
    ],
)
def test_22_the_issuers_own_paths_fail(variant, error, client, card, fault):
    path = f"/v1/issuing/cards/{card.id}"
    fault(fault="api_error", variant=variant, type=path)

    with pytest.raises(error):
        client.issuing.cards.update(card.id, {"metadata": {"a": "b"}})

    changed = client.issuing.cards.retrieve(card.id).metadata.to_dict()
    assert ("a" in changed) is (variant == "lost_answer")


def test_22_an_answer_takes_its_time(client, card, fault):
    fault(fault="api_error", variant="slow", seconds=0.1)

    assert client.issuing.cards.retrieve(card.id).id == card.id


def test_23_a_settlement_file_is_late(fault, issuer_url, sim):
    day = sim("clock", method="GET")["day"]
    fault(fault="settlement", variant="late_day")

    found = [
        requests.get(f"{issuer_url}/sim/settlement/{day}.json", timeout=5).status_code
        for _ in range(2)
    ]

    assert found == [404, 200]


@pytest.mark.parametrize("variant", ["lost", "stolen"])
def test_28_a_card_is_lost_between_purchase_and_claim(
    *, variant, client, card, buy, fault, capture
):
    fault(fault="card_lost", variant=variant)

    authorisation = buy()

    lost = client.issuing.cards.retrieve(card.id)
    new = client.issuing.cards.retrieve(lost.replaced_by)
    assert (lost.status, lost.cancellation_reason) == ("canceled", variant)
    assert (new.status, new.replacement_for) == ("active", card.id)
    assert new.metadata["purchase"] == "p-1"
    assert capture(authorisation.id).status == "closed"
