"""Placing holds, and following what payments says became of them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import KeptHold, KeptPortion
from services.budget.agreements.rules import apportion, see_that_it_goes_on
from services.budget.holds import purchases, rules
from services.budget.holds.commands import Converge, ExpireHold, PlaceHold
from services.budget.holds.purchases import Standing
from services.budget.holds.rules import AmountNotPositiveError, BudgetNotActiveError
from services.budget.money_routes.rules import ItemNotInPlanError, see_that_it_is_bought
from shared.contracts.budget.holds import HoldExpired, HoldPlaced
from shared.errors import IdReusedError, NotKnownYetError, Refusal
from shared.messaging import outbox
from shared.trace import Trace


def place_hold(command: PlaceHold, *, session: Session, trace: Trace) -> KeptHold:
    """Set money aside, once for each ``purchase_id`` however often it is asked.

    Raises:
        NotKnownYetError: the budget has not arrived here.
        IdReusedError: ``purchase_id`` was used for something else.
        AmountNotPositiveError: nothing is asked for.
        BudgetEndedError: the budget has ended.
        ItemNotInPlanError: the plan has no such item.
        ItemNotBoughtHereError: it goes by direct payment, or is delivered.
        BudgetNotActiveError: a funder of it has neither paid in nor committed.
        InsufficientFundsError, CapExceededError: one of the funders' parts is too small.
        CommitmentExceededError: the plan commits the money to other things.
    """
    standing = purchases.as_it_stands(
        session,
        command.purchase_id,
        budget_id=command.budget_id,
        item_id=command.item_id,
        on=trace.today,
    )
    if standing is None:
        raise NotKnownYetError("No such budget is known here yet.")
    if standing.hold is not None:
        return _the_same(standing.hold, command)
    hold = _new_hold(command, standing, on=trace.today, trace=trace)
    see_that_it_is_bought(standing.route)
    booked = purchases.booking(hold, kind=JournalKind.CAPTURE, entries=[], trace=trace)
    available_pence = purchases.book(booked, standing, session=session, trace=trace)
    event = HoldPlaced(
        occurred_at=trace.at,
        purchase_id=hold.purchase_id,
        version=hold.version,
        budget_id=hold.budget_id,
        held_pence=hold.held_pence,
        available_pence=available_pence,
        expires_at=hold.expires_at,
    )
    outbox.add(session, event, trace=trace)
    return hold


def _the_same(hold: KeptHold, command: PlaceHold) -> KeptHold:
    most_pence = command.amount_pence + command.tolerance_pence
    is_as_asked = command.amount_pence <= hold.asked_pence <= most_pence
    if (command.budget_id, command.item_id) != (hold.budget_id, hold.item_id) or not is_as_asked:
        raise IdReusedError("Another purchase has this id.")
    return hold


def spend_at_once(
    command: PlaceHold,
    standing: Standing,
    *,
    occurred_on: date,
    reason: str,
    session: Session,
    trace: Trace,
) -> KeptHold:
    """Hold and capture in one, by the way the item goes: shares and limits as of any purchase.

    Raises:
        AmountNotPositiveError, BudgetEndedError, ItemNotInPlanError, BudgetNotActiveError,
        InsufficientFundsError, CapExceededError, CommitmentExceededError: see ``place_hold``;
            nothing is written.
    """
    asked = _new_hold(command, standing, on=occurred_on, trace=trace)
    if standing.host is None:
        raise BudgetNotActiveError("Nobody has agreed yet to pay for this.")
    before = replace(
        asked,
        version=0,
        portions=[replace(portion, held_pence=0) for portion in asked.portions],
    )
    hold, entries = rules.brought_to(
        before,
        held_pence=0,
        posted_pence=command.amount_pence,
        unmatched_pence=0,
        parts=standing.parts,
        host=standing.host,
        account=standing.spent_to,
    )
    booked = replace(
        purchases.booking(hold, kind=JournalKind.CAPTURE, entries=entries, trace=trace),
        occurred_on=occurred_on,
        reason=reason,
    )
    purchases.book(booked, standing, session=session, trace=trace)
    return hold


def _new_hold(command: PlaceHold, standing: Standing, *, on: date, trace: Trace) -> KeptHold:
    if command.amount_pence <= 0:
        raise AmountNotPositiveError("A purchase costs more than nothing.")
    see_that_it_goes_on(ends_on=standing.ends_on, on=on)
    if not standing.is_item_in_plan:
        raise ItemNotInPlanError("This budget's plan has no such item.")
    if standing.agreement_id is None:
        raise BudgetNotActiveError("Nobody has agreed yet to pay for this.")
    portions = _portions(command.amount_pence, standing, agreement_id=standing.agreement_id)
    committed = standing.committed_pence
    room_pence = rules.room_within_commitments(
        item_left_pence=committed[command.item_id],
        other_committed_pence=sum(
            max(0, left) for item_id, left in committed.items() if item_id != command.item_id
        ),
        free_pence=standing.free_pence,
    )
    rules.see_that_commitments_are_kept(amount_pence=command.amount_pence, room_pence=room_pence)
    tolerance_pence = min(command.tolerance_pence, room_pence - command.amount_pence)
    asked_pence = command.amount_pence
    if tolerance_pence > 0:
        # It is no reason to refuse: where a funder has no more, the amount alone is held.
        with suppress(Refusal):
            portions = _portions(
                asked_pence + tolerance_pence, standing, agreement_id=standing.agreement_id
            )
            asked_pence += tolerance_pence
    return KeptHold(
        purchase_id=command.purchase_id,
        budget_id=command.budget_id,
        item_id=command.item_id,
        agreement_id=standing.agreement_id,
        asked_pence=asked_pence,
        expires_at=trace.at + timedelta(days=rules.HOLD_DAYS),
        version=1,
        amounts_version=0,
        unmatched_pence=0,
        expired_at=None,
        portions=[
            KeptPortion(funder_id=funder_id, asked_pence=pence, held_pence=pence)
            for funder_id, pence in portions.items()
        ],
    )


def _portions(amount_pence: int, standing: Standing, *, agreement_id: UUID) -> Mapping[UUID, int]:
    portions = apportion(
        amount_pence=amount_pence, fundings=standing.fundings, tie=agreement_id.int
    )
    rules.see_that_they_are_there(portions, standing.parts)
    return portions


def converge(command: Converge, *, session: Session, trace: Trace) -> None:
    """Bring a hold to what payments says, once for each version, in whatever order they come.

    Raises:
        NotKnownYetError: the hold has not been placed yet.
    """
    today = trace.today
    standing = purchases.as_it_stands(session, command.purchase_id, on=today)
    if standing is None or standing.hold is None or standing.host is None:
        raise NotKnownYetError("No hold for this purchase is known here yet.")
    before = standing.hold
    if command.version <= before.amounts_version:
        return
    hold, entries = rules.brought_to(
        replace(before, amounts_version=command.version),
        held_pence=command.held_pence,
        posted_pence=command.posted_pence,
        unmatched_pence=command.unmatched_pence,
        parts=standing.parts,
        host=standing.host,
        account=standing.spent_to,
    )
    has_gone_pence = hold.posted_pence - hold.unmatched_pence
    had_gone_pence = before.posted_pence - before.unmatched_pence
    kind = JournalKind.CAPTURE if has_gone_pence >= had_gone_pence else JournalKind.REFUND
    booked = purchases.booking(hold, kind=kind, entries=entries, trace=trace)
    purchases.book_and_tell(
        booked, hold, before=before, standing=standing, session=session, trace=trace
    )


def expire_hold(command: ExpireHold, *, session: Session, trace: Trace) -> None:
    """Let go of what a hold still holds after its time, once. What is spent under it stays.

    Payments stops using a hold an hour before; a later claim of the card network is posted from
    what is available then.
    """
    today = trace.today
    standing = purchases.as_it_stands(session, command.purchase_id, on=today)
    if standing is None or standing.hold is None:
        return
    before = standing.hold
    if not before.held_pence or before.expires_at > trace.at:
        return
    hold = replace(
        before,
        portions=[replace(portion, held_pence=0) for portion in before.portions],
        version=before.version + 1,
        expired_at=trace.at,
    )
    booked = purchases.booking(hold, kind=JournalKind.CAPTURE, entries=[], trace=trace)
    available_pence = purchases.book(booked, standing, session=session, trace=trace)
    event = HoldExpired(
        occurred_at=trace.at,
        purchase_id=hold.purchase_id,
        version=hold.version,
        budget_id=hold.budget_id,
        released_pence=before.held_pence,
        available_pence=available_pence,
    )
    outbox.add(session, event, trace=trace)
