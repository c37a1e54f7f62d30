"""A death, the end of a budget and a changed plan: nothing new, and promises are kept."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.payments.authorisations.claims import claims_on
from services.payments.authorisations.commands import AddApproval
from services.payments.authorisations.handlers import add_approval, record_presentment
from services.payments.entitlements import subscribers as entitlements
from services.payments.holds import subscribers as holds
from services.payments.presentments.commands import RecordPresentment
from services.payments.purchases.rules import BudgetStoppedError
from services.payments.purchases.states import PurchaseState
from services.payments.requesting.handlers import request_purchase
from services.payments.stops import queries, subscribers
from services.payments.stops.handlers import stop_purchases
from shared.contracts.budget.budgets import BudgetEnded, BudgetRevised
from shared.errors import NotKnownYetError
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.payments import facts

TODAY = TUESDAY_AT_TEN.date()


def a_death(plan):
    return an_end(plan, ends_on=TODAY - timedelta(days=1), reason="died")


def an_end(plan, *, ends_on=TODAY, reason="persons_wish"):
    return BudgetEnded(
        occurred_at=TUESDAY_AT_TEN,
        budget_id=plan.budget_id,
        person_id=plan.person_id,
        ends_on=ends_on,
        reason=reason,
        funders=[],
    )


@pytest.fixture
def bought(known_plan, ask, carry_out, hear, transaction):
    """Ask for purchases of one plan, each with its card; returns the plan, their ids and cards."""

    def buy(times=1):
        plan = known_plan(facts.an_item(occurrences=9))
        cards = {}
        for number in range(times):
            command = ask(plan)
            carry_out(request_purchase, command)
            hear(holds.hold_placed, facts.placed(command.purchase_id))
            with transaction() as session:
                facts.record_card(session, command.purchase_id, f"ic_{number}")
            cards[command.purchase_id] = f"ic_{number}"
        return plan, cards

    return buy


@pytest.mark.parametrize("event", [a_death, an_end])
def test_what_was_not_used_is_called_off_and_its_card_closed(
    *, bought, ask, carry_out, hear, now, told, errands, event
):
    plan, (purchase_id,) = bought()

    for _ in range(2):
        hear(subscribers.budget_ended, event(plan))

    assert now(purchase_id).state is PurchaseState.CANCELLED
    assert errands("close_card") == [{"issuer_card_id": "ic_0"}]
    assert [one["held_pence"] for one in told("purchase_amounts_changed")] == [0]
    assert told("purchase_refused") == []  # the family is not told of each purchase
    with pytest.raises(BudgetStoppedError):
        carry_out(request_purchase, ask(plan))


def test_what_was_promised_is_paid_all_the_same(*, bought, hear, now, transaction, told, errands):
    plan, cards = bought()
    (purchase_id, card), *_ = cards.items()
    with transaction() as session:
        add_approval(
            AddApproval(authorisation_id="iauth_1", place=0, amount_pence=20_00),
            purchase_id,
            claims_on(session, purchase_id),
            session=session,
            trace=a_trace(),
        )

    hear(subscribers.budget_ended, a_death(plan))

    assert now(purchase_id).held_pence == 20_00
    assert len(errands("close_card")) == 1
    captured = RecordPresentment(
        presentment_id="ipi_1",
        issuer_card_id=card,
        authorisation_id="iauth_1",
        is_refund=False,
        amount_pence=20_00,
    )
    with transaction() as session:
        record_presentment(captured, session=session, trace=a_trace())
    amounts = told("purchase_amounts_changed")[-1]
    assert (amounts["held_pence"], amounts["posted_pence"]) == (0, 20_00)
    hear(holds.hold_captured, facts.captured(purchase_id, posted_pence=20_00))
    assert now(purchase_id).state is PurchaseState.COMPLETED


def test_a_transfer_that_is_ordered_goes_on(held, hear, now, transaction):
    purchase_id = held("bacs")
    plan_id = now(purchase_id).budget_id
    plan = replace(facts.a_plan(facts.an_item()), budget_id=plan_id)

    hear(subscribers.budget_ended, a_death(plan))

    assert now(purchase_id).state is PurchaseState.AUTHORISED
    assert now(purchase_id).held_pence == 35_00


def test_an_end_to_come_stops_nothing_until_its_day(
    *, bought, ask, carry_out, hear, now, transaction
):
    plan, (purchase_id,) = bought()
    ends_on = TODAY + timedelta(days=10)
    hear(subscribers.budget_ended, an_end(plan, ends_on=ends_on))
    carry_out(request_purchase, ask(plan))

    def look(at):
        with transaction() as session:
            due = queries.to_stop(at, session=session)
        for one in due:
            with transaction() as session:
                stop_purchases(one, session=session, trace=replace(a_trace(), at=at))
        return len(due)

    assert look(TUESDAY_AT_TEN + timedelta(days=9)) == 0
    assert now(purchase_id).state is PurchaseState.READY
    assert look(TUESDAY_AT_TEN + timedelta(days=10)) == 1
    assert now(purchase_id).state is PurchaseState.CANCELLED
    assert look(TUESDAY_AT_TEN + timedelta(days=11)) == 0


def test_the_earliest_day_counts_in_whatever_order_they_are_told(bought, hear, now):
    plan, (purchase_id,) = bought()

    hear(subscribers.budget_ended, a_death(plan))
    hear(subscribers.budget_ended, an_end(plan, ends_on=TODAY + timedelta(days=10)))

    assert now(purchase_id).cancelled_because == "died"


def a_revision(plan, *, version):
    return BudgetRevised(
        occurred_at=TUESDAY_AT_TEN,
        budget_id=plan.budget_id,
        version=version,
        plan_id=plan.plan_id,
        person_id=plan.person_id,
        total_pence=1,
        used_pence=0,
        gap_pence=0,
    )


def test_a_changed_plan_calls_off_what_it_has_no_longer(bought, hear, now):
    plan, (purchase_id,) = bought()
    with pytest.raises(NotKnownYetError):
        hear(subscribers.budget_revised, a_revision(plan, version=2))
    newer = replace(plan, event_id=uuid4(), version=2, items=[facts.an_item()])
    hear(entitlements.plan_approved, newer)

    hear(subscribers.budget_revised, a_revision(plan, version=2))

    assert now(purchase_id).state is PurchaseState.CANCELLED
    assert now(purchase_id).cancelled_because == "plan_changed"


def test_a_changed_plan_leaves_what_it_still_has(bought, hear, now):
    plan, (purchase_id,) = bought()
    newer = replace(plan, event_id=uuid4(), version=2)
    hear(entitlements.plan_approved, newer)

    hear(subscribers.budget_revised, a_revision(plan, version=2))

    assert now(purchase_id).state is PurchaseState.READY
