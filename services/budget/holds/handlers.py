"""Placing holds, and following what payments says became of them."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Available, Booking, Entry
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import AccountKind, FunderId, InsufficientFundsError
from services.budget.agreements.models import Budget, BudgetItem, BudgetState, FunderShare
from services.budget.agreements.rules import Funding
from services.budget.holds import rules
from services.budget.holds.commands import Converge, PlaceHold
from services.budget.holds.models import Hold, HoldPortion
from services.budget.holds.rules import BudgetNotActiveError, ItemNotInPlanError, Portion
from shared.clock import LONDON
from shared.contracts.budget import HoldCaptured, HoldPlaced, HoldReleased, RefundPosted
from shared.contracts.event import Event
from shared.errors import IdReusedError, NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace


def place_hold(command: PlaceHold, *, session: Session, trace: Trace) -> Hold:
    """Set money aside, once for each ``purchase_id`` however often it is asked.

    Raises:
        NotKnownYetError: the budget has not arrived here.
        BudgetNotActiveError: not every funder has paid in.
        ItemNotInPlanError: the plan has no such item.
        IdReusedError: ``purchase_id`` was used for something else.
        InsufficientFundsError: one of the funders' parts is too small.
    """
    budget = session.get(Budget, command.budget_id, with_for_update=True)
    if budget is None:
        raise NotKnownYetError("No such budget is known here yet.")
    already_placed = session.get(Hold, command.purchase_id)
    if already_placed is not None:
        asked = (command.budget_id, command.item_id, command.amount_pence)
        placed = (already_placed.budget_id, already_placed.item_id, already_placed.asked_pence)
        if asked != placed:
            raise IdReusedError("Another purchase has this id.")
        return already_placed
    if budget.state is not BudgetState.ACTIVE:
        raise BudgetNotActiveError("This budget is not active.")
    item = session.get(BudgetItem, command.item_id)
    if item is None or item.budget_id != budget.budget_id:
        raise ItemNotInPlanError("This budget's plan has no such item.")
    shares = _shares(session, budget.budget_id)
    portions = rules.portions_to_hold(
        amount_pence=command.amount_pence, payer=item.payer, fundings=_fundings(shares)
    )
    available = bookkeeper.lock_available(session, budget_id=budget.budget_id)
    _see_that_it_is_there(portions, available)
    hold = _save_hold(command, portions, session=session, trace=trace)
    if item.payer == "joint":
        _use_shares(shares, portions)
    booking = _booking(hold, trace=trace, kind=JournalKind.CAPTURE, held_steps=portions)
    bookkeeper.book(session, booking)
    outbox.add(session, _hold_placed(hold, session=session, trace=trace), trace=trace)
    return hold


def converge(command: Converge, *, session: Session, trace: Trace) -> None:
    """Bring a hold to what payments says, once for each version, in whatever order they come.

    Raises:
        NotKnownYetError: the hold has not been placed yet.
    """
    hold = session.get(Hold, command.purchase_id)
    if hold is None:
        raise NotKnownYetError("No hold for this purchase is known here yet.")
    session.get_one(Budget, hold.budget_id, with_for_update=True)
    session.refresh(hold)
    if command.version <= hold.amounts_version:
        return
    hold.amounts_version = command.version
    held_before, posted_before = hold.held_pence, hold.posted_pence
    if (command.held_pence, command.posted_pence) == (held_before, posted_before):
        return
    _move(hold, command, session=session, trace=trace)
    hold.version += 1
    event = _what_happened(
        hold, refunded_pence=posted_before - hold.posted_pence, session=session, trace=trace
    )
    outbox.add(session, event, trace=trace)


def _move(hold: Hold, command: Converge, *, session: Session, trace: Trace) -> None:
    """Book the difference between what a hold has and what it is to have."""
    available = bookkeeper.lock_available(session, budget_id=hold.budget_id)
    asked: dict[str, int] = {portion.funder_id: portion.asked_pence for portion in hold.portions}
    wanted = rules.portions_at(
        held_pence=command.held_pence, posted_pence=command.posted_pence, asked_pence=asked
    )
    entries: list[Entry] = []
    held_steps: dict[str, int] = {}
    used_steps: dict[str, int] = {}
    for portion in hold.portions:
        want = wanted[portion.funder_id]
        held_steps[portion.funder_id] = want.held_pence - portion.held_pence
        used_steps[portion.funder_id] = (
            want.held_pence + want.posted_pence - portion.held_pence - portion.posted_pence
        )
        entries += _portion_entries(portion, want, available[portion.funder_id])
    kind = JournalKind.CAPTURE if command.posted_pence >= hold.posted_pence else JournalKind.REFUND
    hold.held_pence, hold.posted_pence = command.held_pence, command.posted_pence
    if session.get_one(BudgetItem, hold.item_id).payer == "joint":
        _use_shares(_shares(session, hold.budget_id), used_steps)
    booking = _booking(hold, trace=trace, kind=kind, held_steps=held_steps, entries=entries)
    bookkeeper.book(session, booking)


def _portion_entries(portion: HoldPortion, want: Portion, available: Available) -> list[Entry]:
    """Bring one funder's portion to what is wanted, and return the entries for it."""
    held_step = want.held_pence - portion.held_pence
    step = rules.capture(
        step_pence=want.posted_pence - portion.posted_pence,
        free_pence=available.free_pence - held_step,
        overspent_pence=portion.overspent_pence,
    )
    portion.held_pence, portion.posted_pence = want.held_pence, want.posted_pence
    portion.overspent_pence += step.overspent_pence
    return [
        _spend(portion.funder_id, AccountKind.AVAILABLE, step.from_available_pence),
        _spend(portion.funder_id, AccountKind.OVERSPENT, step.overspent_pence),
    ]


def _spend(funder_id: FunderId, source: AccountKind, amount_pence: int) -> Entry:
    """Return the entry for money paid out of ``source``, or back into it if negative."""
    debit, credit = source, AccountKind.PAID_OUT
    if amount_pence < 0:
        debit, credit = credit, debit
    return Entry(funder_id=funder_id, debit=debit, credit=credit, amount_pence=abs(amount_pence))


def _booking(
    hold: Hold,
    *,
    trace: Trace,
    kind: JournalKind,
    held_steps: Mapping[str, int],
    entries: list[Entry] | None = None,
) -> Booking:
    return Booking(
        budget_id=hold.budget_id,
        kind=kind,
        source_id=hold.purchase_id,
        effective_on=trace.at.astimezone(LONDON).date(),
        entries=entries or [],
        held_steps_pence={FunderId(funder_id): step for funder_id, step in held_steps.items()},
    )


def _see_that_it_is_there(
    portions: Mapping[str, int], available: Mapping[FunderId, Available]
) -> None:
    for funder_id, portion_pence in portions.items():
        free_pence = available[FunderId(funder_id)].free_pence
        if portion_pence > free_pence:
            raise InsufficientFundsError(requested_pence=portion_pence, available_pence=free_pence)


def _save_hold(
    command: PlaceHold, portions: Mapping[str, int], *, session: Session, trace: Trace
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
                funder_id=FunderId(funder_id),
                asked_pence=portion_pence,
                held_pence=portion_pence,
            )
            for funder_id, portion_pence in portions.items()
        ],
    )
    session.add(hold)
    return hold


def _shares(session: Session, budget_id: UUID) -> list[FunderShare]:
    shares = select(FunderShare).where(FunderShare.budget_id == budget_id)
    return list(session.scalars(shares.order_by(FunderShare.funder_id)))


def _fundings(shares: list[FunderShare]) -> list[Funding]:
    return [
        Funding(
            funder_id=share.funder_id,
            agreed_pence=share.joint_agreed_pence,
            spent_pence=share.joint_spent_pence,
        )
        for share in shares
    ]


def _use_shares(shares: list[FunderShare], steps_pence: Mapping[str, int]) -> None:
    """Count what is held and captured of the joint items, for the next odd penny."""
    for share in shares:
        share.joint_spent_pence += steps_pence.get(share.funder_id, 0)


def _free_pence(session: Session, hold: Hold) -> int:
    available = bookkeeper.lock_available(session, budget_id=hold.budget_id)
    return sum(part.free_pence for part in available.values())


def _hold_placed(hold: Hold, *, session: Session, trace: Trace) -> HoldPlaced:
    return HoldPlaced(
        occurred_at=trace.at,
        purchase_id=hold.purchase_id,
        version=hold.version,
        budget_id=hold.budget_id,
        held_pence=hold.held_pence,
        available_pence=_free_pence(session, hold),
        expires_at=hold.expires_at,
    )


def _what_happened(hold: Hold, *, refunded_pence: int, session: Session, trace: Trace) -> Event:
    """Return the event that tells of a change: spent, refunded, or only released."""
    available_pence = _free_pence(session, hold)
    if refunded_pence < 0:
        return HoldCaptured(
            occurred_at=trace.at,
            purchase_id=hold.purchase_id,
            version=hold.version,
            budget_id=hold.budget_id,
            posted_pence=hold.posted_pence,
            held_pence=hold.held_pence,
            available_pence=available_pence,
        )
    if refunded_pence > 0:
        return RefundPosted(
            occurred_at=trace.at,
            purchase_id=hold.purchase_id,
            version=hold.version,
            budget_id=hold.budget_id,
            person_id=session.get_one(Budget, hold.budget_id).person_id,
            refunded_pence=refunded_pence,
            posted_pence=hold.posted_pence,
            available_pence=available_pence,
        )
    return HoldReleased(
        occurred_at=trace.at,
        purchase_id=hold.purchase_id,
        version=hold.version,
        budget_id=hold.budget_id,
        held_pence=hold.held_pence,
        available_pence=available_pence,
    )
