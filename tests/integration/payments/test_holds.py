import itertools
from uuid import uuid4

import pytest

from services.payments.authorisations.handlers import record_presentment
from services.payments.cards import issuing
from services.payments.cards.models import Card
from services.payments.cards.rules import CardState
from services.payments.holds import rules, subscribers
from services.payments.holds.commands import CancelPurchase
from services.payments.holds.handlers import cancel_purchase
from services.payments.presentments.commands import RecordPresentment
from services.payments.purchases.states import PurchaseState
from shared.errors import NotFoundError, NotKnownYetError
from tests.factories import a_trace
from tests.integration.payments import facts


def test_money_held_for_a_card_purchase_has_a_card_issued(held, now, errands, told):
    purchase_id = held()

    (asked,) = errands("issue_card")
    assert asked["purchase_id"] == str(purchase_id)
    assert (asked["limit_pence"], asked["issuer_cardholder_id"]) == (35_00, None)
    assert now(purchase_id).held_pence == 35_00
    assert now(purchase_id).state is PurchaseState.REQUESTED
    assert told("purchase_ready") == []


def test_money_held_for_a_transfer_is_sent_at_once(held, now, errands, told):
    purchase_id = held("bacs")

    (ordered,) = errands("order_transfer")
    assert (ordered["reference"], ordered["amount_pence"]) == (str(purchase_id), 35_00)
    assert now(purchase_id).state is PurchaseState.AUTHORISED
    assert [event["rail"] for event in told("purchase_ready")] == ["bacs"]


def test_money_held_for_an_invoice_waits_for_it(held, now, errands):
    purchase_id = held("invoice")

    assert now(purchase_id).state is PurchaseState.READY
    assert errands("order_transfer") == []


def test_the_same_answer_of_the_ledger_twice_opens_one_way_to_pay(held, hear, errands):
    purchase_id = held()
    hear(subscribers.hold_placed, facts.placed(purchase_id))

    assert len(errands("issue_card")) == 1


def test_a_refused_hold_ends_the_purchase_with_the_ledgers_reason(requested, hear, now, told):
    purchase_id = requested()

    for _ in range(2):
        hear(subscribers.hold_refused, facts.refused(purchase_id))

    assert now(purchase_id).state is PurchaseState.REFUSED
    (event,) = told("purchase_refused")
    assert event["code"] == "insufficient_funds"
    assert event["next_step"] == "Ask for less."
    assert told("purchase_amounts_changed") == []


@pytest.mark.parametrize(
    ("subscriber", "event"),
    [
        (subscribers.hold_placed, facts.placed(uuid4())),
        (subscribers.hold_refused, facts.refused(uuid4())),
        (subscribers.hold_released, facts.released(uuid4(), version=1)),
        (subscribers.hold_captured, facts.captured(uuid4())),
        (subscribers.refund_posted, facts.refunded(uuid4())),
    ],
)
def test_an_answer_about_a_purchase_that_is_not_here_yet_waits(hear, subscriber, event):
    with pytest.raises(NotKnownYetError):
        hear(subscriber, event)


@pytest.fixture
def presented(transaction, with_card):
    """Buy something with a card: a capture, and refunds of it."""

    def present(*amounts_pence):
        purchase_id, card = with_card()
        for amount_pence in amounts_pence:
            seen = RecordPresentment(
                presentment_id=uuid4().hex,
                issuer_card_id=card,
                authorisation_id=f"iauth_{purchase_id}",
                is_refund=amount_pence < 0,
                amount_pence=abs(amount_pence),
            )
            with transaction() as session:
                record_presentment(seen, session=session, trace=a_trace())
        return purchase_id

    return present


def test_a_purchase_is_completed_once_when_the_ledger_has_booked_it(presented, hear, now, told):
    purchase_id = presented(35_00)

    for _ in range(2):
        hear(subscribers.hold_captured, facts.captured(purchase_id))

    assert now(purchase_id).state is PurchaseState.COMPLETED
    (event,) = told("purchase_completed")
    assert event["description"] == "Riding lessons"
    assert (event["posted_pence"], event["available_pence"]) == (35_00, 35_00)


def test_what_is_left_is_what_the_newest_answer_says_in_whatever_order_they_come(
    presented, hear, now
):
    purchase_id = presented(35_00)

    hear(subscribers.hold_released, facts.released(purchase_id, version=3, available_pence=40_00))
    hear(subscribers.hold_captured, facts.captured(purchase_id, version=2))

    assert now(purchase_id).available_pence == 40_00


def test_a_part_booked_is_not_yet_completed(presented, hear, now, told):
    purchase_id = presented(30_00)

    hear(subscribers.hold_captured, facts.captured(purchase_id, posted_pence=30_00))

    assert now(purchase_id).state is PurchaseState.PART_FULFILLED
    assert told("purchase_completed") == []


@pytest.mark.parametrize(
    ("refund_pence", "state"),
    [(35_00, PurchaseState.REFUNDED), (5_00, PurchaseState.PART_REFUNDED)],
)
def test_in_every_order_of_the_ledgers_answers_a_refund_ends_in_the_same(
    presented, hear, now, refund_pence, state
):
    left_pence = 35_00 - refund_pence
    for order in itertools.permutations(range(4)):
        purchase_id = presented(35_00, -refund_pence)
        answers = [
            (subscribers.hold_captured, facts.captured(purchase_id)),
            (
                subscribers.refund_posted,
                facts.refunded(purchase_id, refunded_pence=refund_pence, posted_pence=left_pence),
            ),
            (subscribers.hold_released, facts.released(purchase_id, version=2)),
            (subscribers.hold_placed, facts.placed(purchase_id)),
        ]

        for place in [*order, *order]:
            hear(*answers[place])

        assert now(purchase_id).state is state, order


def test_a_purchase_refunded_before_it_was_booked_ends_refunded_and_is_never_told_completed(
    presented, hear, now, told
):
    purchase_id = presented(35_00, -35_00)

    hear(subscribers.hold_released, facts.released(purchase_id, version=2))

    assert now(purchase_id).state is PurchaseState.REFUNDED
    assert told("purchase_completed") == []


def cancel(purchase_id):
    return CancelPurchase(purchase_id=purchase_id, reason="Not wanted any more")


def test_cancelling_frees_the_money_and_closes_the_card(
    *, with_card, carry_out, now, told, errands, transaction
):
    purchase_id, card = with_card()

    answers = [carry_out(cancel_purchase, cancel(purchase_id)) for _ in range(2)]

    assert answers == [{"state": PurchaseState.CANCELLED}] * 2
    (amounts,) = told("purchase_amounts_changed")
    assert (amounts["version"], amounts["held_pence"], amounts["posted_pence"]) == (1, 0, 0)
    assert len(told("purchase_cancelled")) == 1
    assert errands("close_card") == [{"issuer_card_id": card}]
    with transaction() as session:
        assert session.query(Card).one().state is CardState.CLOSED
    assert now(purchase_id).cancelled_because == "Not wanted any more"


def test_cancelling_before_the_ledger_answers_ends_with_nothing_held(
    *, requested, carry_out, hear, now, told, errands
):
    purchase_id = requested()
    carry_out(cancel_purchase, cancel(purchase_id))

    hear(subscribers.hold_placed, facts.placed(purchase_id))

    (amounts,) = told("purchase_amounts_changed")
    assert (amounts["version"], amounts["held_pence"]) == (1, 0)
    assert now(purchase_id).held_pence == 0
    assert now(purchase_id).state is PurchaseState.CANCELLED
    assert errands("issue_card") == []


def test_a_refused_hold_of_a_cancelled_purchase_changes_nothing(requested, carry_out, hear, told):
    purchase_id = requested()
    carry_out(cancel_purchase, cancel(purchase_id))

    hear(subscribers.hold_refused, facts.refused(purchase_id))

    assert told("purchase_refused") == []


def test_a_card_that_comes_after_the_cancellation_is_closed(
    *, held, carry_out, transaction, errands, told, now
):
    purchase_id = held()
    carry_out(cancel_purchase, cancel(purchase_id))

    with transaction() as session:
        issuing.record_card(
            {"issuer_cardholder_id": "ich_1", "issuer_card_id": "ic_1"},
            {"purchase_id": str(purchase_id)},
            session=session,
            trace=a_trace(),
        )

    assert errands("close_card") == [{"issuer_card_id": "ic_1"}]
    assert told("purchase_ready") == []
    assert now(purchase_id).state is PurchaseState.CANCELLED


def test_what_the_bank_was_told_to_pay_cannot_be_cancelled(held, carry_out, now, told):
    purchase_id = held("bacs")

    with pytest.raises(rules.AlreadyOrderedError):
        carry_out(cancel_purchase, cancel(purchase_id))

    assert now(purchase_id).state is PurchaseState.AUTHORISED
    assert told("purchase_cancelled") == []


def test_what_was_paid_cannot_be_cancelled(presented, carry_out, told):
    purchase_id = presented(35_00)

    with pytest.raises(rules.AlreadyAuthorisedError):
        carry_out(cancel_purchase, cancel(purchase_id))

    assert told("purchase_cancelled") == []


def test_a_purchase_that_is_not_there_cannot_be_cancelled(carry_out, transaction):
    with pytest.raises(NotFoundError):
        carry_out(cancel_purchase, cancel(uuid4()))
