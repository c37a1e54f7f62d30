"""Asking for a purchase, and the changes that every way to pay makes to it."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.payments.entitlements.models import Broker, CareTeam, LiveBudget, Plan, PlanItem
from services.payments.purchases import rules
from services.payments.purchases.commands import RequestPurchase
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import Amounts, PurchaseState
from shared.contracts.payments.purchases import (
    PurchaseAmountsChanged,
    PurchaseCompleted,
    PurchaseReady,
    PurchaseRefused,
    PurchaseRequested,
)
from shared.errors import IdReusedError, NotFoundError, NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace


def request_purchase(
    command: RequestPurchase, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Ask the ledger to hold money for a purchase, once for each ``purchase_id``.

    Raises:
        NotKnownYetError: plan, budget or care team has not arrived here.
        ItemNotInPlanError, NotOnCareTeamError, AmountAboveItemError, NoOccurrenceLeftError:
            it may not be bought.
        IdReusedError: ``purchase_id`` was used for something else.
    """
    earlier = session.get(Purchase, command.purchase_id)
    if earlier is not None:
        return _answer_again(earlier, command)
    item, person_id = _item_to_buy(command, session=session)
    _see_that_a_broker_asks(command, person_id, session=session)
    rules.check_request(
        amount_pence=command.amount_pence,
        unit_cost_pence=item.unit_cost_pence,
        earlier_purchases=_purchases_of(item, session=session),
        occurrences=item.occurrences,
    )
    purchase = Purchase(
        purchase_id=command.purchase_id,
        budget_id=command.budget_id,
        item_id=command.item_id,
        person_id=person_id,
        requested_by=command.requested_by,
        instruction=command.instruction,
        amount_pence=command.amount_pence,
        rail=item.rail,
        requested_at=trace.at,
        correlation_id=trace.correlation_id,
    )
    session.add(purchase)
    outbox.add(session, _purchase_requested(purchase, trace=trace), trace=trace)
    return state_of(purchase)


def state_of(purchase: Purchase) -> Mapping[str, object]:
    return {"purchase_id": purchase.purchase_id, "state": purchase.state}


def locked(session: Session, purchase_id: UUID) -> Purchase:
    """Return a purchase that nobody else changes meanwhile.

    Raises:
        NotFoundError: there is none.
    """
    purchase = session.get(Purchase, purchase_id, with_for_update=True, populate_existing=True)
    if purchase is None:
        raise NotFoundError("There is no such purchase.", purchase_id=str(purchase_id))
    return purchase


def in_story(trace: Trace, purchase: Purchase) -> Trace:
    """Return the trace of what the outside says, as a part of the purchase's own story."""
    return replace(trace, correlation_id=purchase.correlation_id)


def make_ready(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    purchase.state = PurchaseState.READY
    event = PurchaseReady(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        budget_id=purchase.budget_id,
        rail=purchase.rail,
    )
    outbox.add(session, event, trace=trace)


def refuse(
    purchase: Purchase,
    *,
    code: str,
    reason: str,
    next_step: str,
    session: Session,
    trace: Trace,
) -> None:
    """End a purchase that cannot happen; whatever it held is free again."""
    purchase.state = PurchaseState.REFUSED
    purchase.refusal_code = code
    purchase.refusal_reason = reason
    purchase.refusal_next_step = next_step
    set_amounts(purchase, rules.NOTHING, session=session, trace=trace)
    event = PurchaseRefused(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        budget_id=purchase.budget_id,
        person_id=purchase.person_id,
        code=code,
        reason=reason,
        next_step=next_step,
    )
    outbox.add(session, event, trace=trace)


def set_amounts(purchase: Purchase, amounts: Amounts, *, session: Session, trace: Trace) -> None:
    """Keep what a purchase reserves and has cost, and tell the ledger if that changed."""
    purchase.captured_pence = amounts.captured_pence
    before = (purchase.held_pence, purchase.posted_pence, purchase.unmatched_pence)
    if before == (amounts.held_pence, amounts.posted_pence, amounts.unmatched_pence):
        return
    purchase.reconciled_at = None  # whatever the settlement said was of other amounts
    purchase.held_pence = amounts.held_pence
    purchase.posted_pence = amounts.posted_pence
    purchase.unmatched_pence = amounts.unmatched_pence
    tell_amounts(purchase, session=session, trace=trace)


def tell_amounts(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    purchase.version += 1
    event = PurchaseAmountsChanged(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        version=purchase.version,
        budget_id=purchase.budget_id,
        held_pence=purchase.held_pence,
        posted_pence=purchase.posted_pence,
        unmatched_pence=purchase.unmatched_pence,
    )
    outbox.add(session, event, trace=trace)


def settle(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Follow the ledger: completed, once, when it has booked what we say was paid."""
    state = rules.settled_state(
        held_pence=purchase.held_pence,
        posted_pence=purchase.posted_pence,
        captured_pence=purchase.captured_pence,
        ledger_posted_pence=purchase.ledger_posted_pence,
    )
    if state is None:
        return
    purchase.state = state
    if purchase.completed_at is not None or state is PurchaseState.REFUNDED:
        return
    purchase.completed_at = trace.at
    item = session.get_one(PlanItem, purchase.item_id)
    event = PurchaseCompleted(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        budget_id=purchase.budget_id,
        person_id=purchase.person_id,
        description=item.description,
        posted_pence=purchase.posted_pence,
        available_pence=purchase.available_pence,
    )
    outbox.add(session, event, trace=trace)


def _item_to_buy(command: RequestPurchase, *, session: Session) -> tuple[PlanItem, UUID]:
    """Return the item, locked so that its purchases are counted one at a time, and the person."""
    plan = session.get(Plan, command.budget_id)
    if plan is None:
        raise NotKnownYetError("No approved plan for this budget is known here yet.")
    if session.get(LiveBudget, command.budget_id) is None:
        raise NotKnownYetError("This budget is not known here to be active yet.")
    item = session.get(PlanItem, command.item_id, with_for_update=True)
    if item is None or (item.budget_id, item.plan_version) != (plan.budget_id, plan.version):
        raise rules.ItemNotInPlanError("This budget's plan has no such item.")
    return item, plan.person_id


def _answer_again(earlier: Purchase, command: RequestPurchase) -> Mapping[str, object]:
    asked = (command.budget_id, command.item_id, command.amount_pence)
    known = (earlier.budget_id, earlier.item_id, earlier.amount_pence)
    said = (command.requested_by, command.instruction)
    if asked != known or said != (earlier.requested_by, earlier.instruction):
        raise IdReusedError("Another purchase has this id.")
    return state_of(earlier)


def _see_that_a_broker_asks(command: RequestPurchase, person_id: UUID, *, session: Session) -> None:
    if session.get(Broker, (person_id, command.requested_by)) is not None:
        return
    if session.get(CareTeam, person_id) is None:
        raise NotKnownYetError("The person's care team is not known here yet.")
    raise rules.NotOnCareTeamError("Only the person's own broker can buy for them.")


def _purchases_of(item: PlanItem, *, session: Session) -> int:
    counted = (
        select(func.count())
        .select_from(Purchase)
        .where(Purchase.item_id == item.item_id)
        .where(Purchase.state.not_in(rules.CALLED_OFF))
    )
    return session.scalar(counted) or 0


def _purchase_requested(purchase: Purchase, *, trace: Trace) -> PurchaseRequested:
    return PurchaseRequested(
        occurred_at=trace.at,
        purchase_id=purchase.purchase_id,
        budget_id=purchase.budget_id,
        item_id=purchase.item_id,
        amount_pence=purchase.amount_pence,
    )
