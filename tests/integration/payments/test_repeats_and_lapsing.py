"""What looks like a repeat is asked about, what is not used in time lapses, a rest is let go."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.payments.authorisations.commands import RecordPresentment
from services.payments.authorisations.handlers import record_presentment
from services.payments.holds import queries, subscribers
from services.payments.holds.commands import CancelPurchase, FinishPurchase
from services.payments.holds.handlers import cancel_purchase, finish_purchase, lapse
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import NotPossibleNowError, PurchaseState
from services.payments.requesting.handlers import request_purchase
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts


def test_the_same_again_within_a_day_is_asked_about_and_names_the_other(
    *, known_plan, ask, carry_out, count
):
    plan = known_plan()
    first = ask(plan, is_not_a_repeat=False)
    again = ask(plan, is_not_a_repeat=False)
    carry_out(request_purchase, first)

    answer = carry_out(request_purchase, again)

    assert answer["state"] is None
    assert answer["question"]["code"] == "is_it_a_repeat"
    assert answer["question"]["similar_purchase_id"] == first.purchase_id
    assert count(Purchase) == 1
    confirmed = replace(again, is_not_a_repeat=True, not_a_repeat_because="The second lesson")
    assert carry_out(request_purchase, confirmed)["state"] is PurchaseState.REQUESTED


def test_the_same_amount_for_the_same_payee_is_asked_about_too(known_plan, ask, carry_out):
    plan = known_plan(facts.an_item(), facts.an_item(), facts.an_item(payee="Somebody else"))
    carry_out(request_purchase, ask(plan))

    same_payee = ask(plan, item_id=plan.items[1].item_id, is_not_a_repeat=False)
    other_payee = ask(plan, item_id=plan.items[2].item_id, is_not_a_repeat=False)

    assert carry_out(request_purchase, same_payee)["state"] is None
    assert carry_out(request_purchase, other_payee)["state"] is PurchaseState.REQUESTED


@pytest.mark.parametrize("change", ["another amount", "a day later", "the first is cancelled"])
def test_what_is_not_similar_is_not_asked_about(known_plan, ask, carry_out, change):
    plan = known_plan()
    first = ask(plan)
    carry_out(request_purchase, first)
    again = ask(plan, is_not_a_repeat=False)
    trace = a_trace()
    if change == "another amount":
        again = replace(again, amount_pence=34_00)
    elif change == "a day later":
        trace = replace(trace, at=trace.at + timedelta(hours=24))
    else:
        cancel = CancelPurchase(purchase_id=first.purchase_id, reason="Not wanted")
        carry_out(cancel_purchase, cancel)

    answer = carry_out(request_purchase, again, trace=trace)

    assert answer["state"] is PurchaseState.REQUESTED


@pytest.fixture
def let_lapse(transaction):
    """Look for what lapses at a time, as the timer does."""

    def look(at):
        with transaction() as session:
            due = queries.to_lapse(at, session=session)
        for one in due:
            with transaction() as session:
                lapse(one, session=session, trace=replace(a_trace(), at=at))
        return [one.purchase_id for one in due]

    return look


AN_HOUR_BEFORE = TUESDAY_AT_TEN + timedelta(days=30) - timedelta(hours=1)


def test_what_is_not_used_lapses_an_hour_before_its_hold_ends(
    *, with_card, let_lapse, now, told, errands
):
    purchase_id, _card = with_card()
    assert let_lapse(AN_HOUR_BEFORE - timedelta(seconds=1)) == []

    assert let_lapse(AN_HOUR_BEFORE) == [purchase_id]

    assert now(purchase_id).state is PurchaseState.LAPSED
    (event,) = told("purchase_refused")
    assert event["code"] == "hold_expired"
    assert event["next_step"]
    assert [one["held_pence"] for one in told("purchase_amounts_changed")] == [0]
    assert len(errands("close_card")) == 1
    assert let_lapse(AN_HOUR_BEFORE) == []


@pytest.fixture
def part_paid(with_card, transaction, hear):
    """Buy something for less than was asked for."""

    def pay(amount_pence=20_00):
        purchase_id, card = with_card()
        seen = RecordPresentment(
            presentment_id=uuid4().hex,
            issuer_card_id=card,
            authorisation_id=None,
            is_refund=False,
            amount_pence=amount_pence,
        )
        with transaction() as session:
            record_presentment(seen, session=session, trace=a_trace())
        return purchase_id

    return pay


def test_the_rest_of_what_is_used_in_part_is_let_go_when_it_is_finished(
    *, part_paid, carry_out, hear, now, told, errands
):
    purchase_id = part_paid()
    assert now(purchase_id).state is PurchaseState.PART_FULFILLED
    assert now(purchase_id).held_pence == 15_00
    command = FinishPurchase(purchase_id=purchase_id, reason="The shop has no more of it")

    for _ in range(2):
        carry_out(finish_purchase, command)

    assert now(purchase_id).held_pence == 0
    assert len(errands("close_card")) == 1
    amounts = told("purchase_amounts_changed")[-1]
    assert (amounts["held_pence"], amounts["posted_pence"]) == (0, 20_00)
    hear(subscribers.hold_captured, facts.captured(purchase_id, posted_pence=20_00))
    assert now(purchase_id).state is PurchaseState.COMPLETED


def test_what_is_used_in_part_is_finished_when_its_hold_ends(part_paid, let_lapse, now, told):
    purchase_id = part_paid()

    let_lapse(AN_HOUR_BEFORE)

    assert now(purchase_id).held_pence == 0
    assert now(purchase_id).ending is None
    assert told("purchase_refused") == []


def test_what_is_not_used_at_all_is_cancelled_and_not_finished(with_card, carry_out, now):
    purchase_id, _card = with_card()

    with pytest.raises(NotPossibleNowError):
        carry_out(finish_purchase, FinishPurchase(purchase_id=purchase_id, reason="Enough"))

    assert now(purchase_id).state is PurchaseState.READY
