"""Placing holds, and following what payments says became of them."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking, Entry
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import FunderId
from services.budget.agreements.models import Budget, BudgetItem, BudgetState
from services.budget.holds import portions, rules
from services.budget.holds.commands import Converge, PlaceHold
from services.budget.holds.models import Hold, HoldPortion
from services.budget.holds.rules import (
    AmountNotPositiveError,
    BudgetNotActiveError,
    ItemNotInPlanError,
)
from shared.clock import LONDON
from shared.errors import IdReusedError, NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace

REASONS = {
    JournalKind.CAPTURE: "The card network or the bank took the money for a purchase.",
    JournalKind.REFUND: "Money for a purchase came back.",
}


def place_hold(command: PlaceHold, *, session: Session, trace: Trace) -> Hold:
    """Set money aside, once for each ``purchase_id`` however often it is asked.

    Raises:
        NotKnownYetError: the budget has not arrived here.
        IdReusedError: ``purchase_id`` was used for something else.
        AmountNotPositiveError: nothing is asked for.
        BudgetNotActiveError: not every funder has paid in.
        ItemNotInPlanError: the plan has no such item.
        InsufficientFundsError: one of the funders' parts is too small.
    """
    budget = session.get(Budget, command.budget_id, with_for_update=True)
    if budget is None:
        raise NotKnownYetError("No such budget is known here yet.")
    already_placed = _placed_before(command, session=session)
    if already_placed is not None:
        return already_placed
    item = _item_to_buy(command, budget, session=session)
    shares = portions.shares_of(session, budget.budget_id)
    parts = portions.find(command.amount_pence, payer=item.payer, shares=shares)
    available = bookkeeper.lock_available(session, budget_id=budget.budget_id)
    portions.see_that_they_are_there(parts, available)
    hold = _save_hold(command, parts, session=session, trace=trace)
    if item.payer == "joint":
        portions.use_shares(shares, parts)
    booking = _booking(hold, kind=JournalKind.CAPTURE, held_steps=parts, entries=[], trace=trace)
    bookkeeper.book(session, booking)
    available_pence = bookkeeper.free_pence_after(available, booking)
    event = portions.placed(hold, available_pence=available_pence, at=trace.at)
    outbox.add(session, event, trace=trace)
    return hold


def _placed_before(command: PlaceHold, *, session: Session) -> Hold | None:
    hold = session.get(Hold, command.purchase_id)
    if hold is None:
        return None
    asked = (command.budget_id, command.item_id, command.amount_pence)
    if asked != (hold.budget_id, hold.item_id, hold.asked_pence):
        raise IdReusedError("Another purchase has this id.")
    return hold


def _item_to_buy(command: PlaceHold, budget: Budget, *, session: Session) -> BudgetItem:
    if command.amount_pence <= 0:
        raise AmountNotPositiveError("A purchase costs more than nothing.")
    if budget.state is not BudgetState.ACTIVE:
        raise BudgetNotActiveError("This budget is not active.")
    item = session.get(BudgetItem, command.item_id)
    if item is None or item.budget_id != budget.budget_id:
        raise ItemNotInPlanError("This budget's plan has no such item.")
    return item


def _save_hold(
    command: PlaceHold, parts: Mapping[FunderId, int], *, session: Session, trace: Trace
) -> Hold:
    hold = Hold(
        purchase_id=command.purchase_id,
        budget_id=command.budget_id,
        item_id=command.item_id,
        asked_pence=command.amount_pence,
        held_pence=command.amount_pence,
        expires_at=trace.at + timedelta(days=rules.HOLD_DAYS),
        portions=[
            HoldPortion(
                purchase_id=command.purchase_id,
                funder_id=funder_id,
                asked_pence=part_pence,
                held_pence=part_pence,
            )
            for funder_id, part_pence in parts.items()
        ],
    )
    session.add(hold)
    return hold


def converge(command: Converge, *, session: Session, trace: Trace) -> None:
    """Bring a hold to what payments says, once for each version, in whatever order they come.

    Raises:
        NotKnownYetError: the hold has not been placed yet.
    """
    budget = session.scalars(
        select(Budget)
        .join(Hold, Hold.budget_id == Budget.budget_id)
        .where(Hold.purchase_id == command.purchase_id)
        .with_for_update(of=Budget)
    ).one_or_none()
    if budget is None:
        raise NotKnownYetError("No hold for this purchase is known here yet.")
    # Read under the lock, whatever this session may have seen of it before.
    hold = session.get_one(Hold, command.purchase_id, populate_existing=True)
    if command.version <= hold.amounts_version:
        return
    held_before, posted_before = hold.held_pence, hold.posted_pence
    available_pence = _move(hold, command, session=session, trace=trace)
    if (hold.held_pence, hold.posted_pence) == (held_before, posted_before):
        return
    event = portions.changed(
        hold,
        refunded_pence=posted_before - hold.posted_pence,
        available_pence=available_pence,
        person_id=budget.person_id,
        at=trace.at,
    )
    outbox.add(session, event, trace=trace)


def _move(hold: Hold, command: Converge, *, session: Session, trace: Trace) -> int:
    """Book the difference between what a hold has and what it is to have.

    Returns what is available in the budget afterwards, in pence.
    """
    # Everything is read first: each question would otherwise write what has changed so far.
    is_joint = session.get_one(BudgetItem, hold.item_id).payer == "joint"
    shares = portions.shares_of(session, hold.budget_id) if is_joint else []
    available = bookkeeper.lock_available(session, budget_id=hold.budget_id)
    wanted = portions.wanted(hold, held_pence=command.held_pence, posted_pence=command.posted_pence)
    steps = {
        portion.funder_id: portions.move(
            portion, wanted[portion.funder_id], available[portion.funder_id]
        )
        for portion in hold.portions
    }
    kind = JournalKind.CAPTURE if command.posted_pence >= hold.posted_pence else JournalKind.REFUND
    before = (hold.held_pence, hold.posted_pence)
    hold.amounts_version = command.version
    hold.held_pence = sum(portion.held_pence for portion in hold.portions)
    hold.posted_pence = command.posted_pence
    if (hold.held_pence, hold.posted_pence) != before:
        hold.version += 1
    portions.use_shares(shares, {funder_id: step.used_pence for funder_id, step in steps.items()})
    booking = _booking(
        hold,
        kind=kind,
        held_steps={funder_id: step.held_pence for funder_id, step in steps.items()},
        entries=[entry for step in steps.values() for entry in step.entries],
        trace=trace,
    )
    bookkeeper.book(session, booking)
    return bookkeeper.free_pence_after(available, booking)


def _booking(
    hold: Hold,
    *,
    kind: JournalKind,
    held_steps: Mapping[FunderId, int],
    entries: list[Entry],
    trace: Trace,
) -> Booking:
    today = trace.at.astimezone(LONDON).date()
    return Booking(
        budget_id=hold.budget_id,
        kind=kind,
        source_id=hold.purchase_id,
        effective_on=today,
        occurred_on=today,
        actor=trace.actor,
        reason=REASONS[kind],
        entries=entries,
        held_steps_pence=held_steps,
    )
