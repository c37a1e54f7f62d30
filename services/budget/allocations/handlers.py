"""Scheduling allocations, ending them, and making their runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import MOST_BOOKINGS, Booking
from services.budget.accounts.rules import (
    AccountKind,
    FunderNotInBudgetError,
)
from services.budget.agreements.models import Ending, locked_budget, locked_budgets
from services.budget.agreements.rules import BudgetEndedError
from services.budget.allocations import rules, streams
from services.budget.allocations.commands import (
    EndAllocation,
    RunAllocations,
    ScheduleAllocation,
)
from services.budget.allocations.models import Allocation, AllocationEnding, AllocationRun
from services.budget.allocations.rules import (
    AllocationDiffersError,
    AllocationEndedError,
    AllocationNotFoundError,
    Made,
    Period,
    Recurrence,
    Stream,
)
from services.budget.allocations.streams import DueStream
from services.budget.funders import handlers as funders
from shared.contracts.budget.allocations import AllocationMade
from shared.messaging import outbox
from shared.trace import Trace

ASKED = (
    *("budget_id", "funder_id", "recurrence", "amount_pence"),
    *("starts_on", "ends_on", "leftover", "keep_weeks"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A run that is to be made."""

    stream: DueStream
    period: Period


def schedule_allocation(
    command: ScheduleAllocation, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Let one funder's money become usable bit by bit, and set aside what is free of it.

    Where the funder has a stream in this budget already, what is available was made so by a run
    and stays.

    Raises:
        BudgetNotFoundError, BudgetEndedError: there is no such budget, or it has an end.
        FunderNotInBudgetError: the funder is no organisation that pays into it.
        AllocationDiffersError: ``allocation_id`` is that of another one.
        AllocationDatesWrongError, LeftoverWrongError: see ``rules``.
        PeriodClosedError: the books are closed for today.
    """
    locked_budget(session, command.budget_id)
    known = session.get(Allocation, command.allocation_id)
    if known is None:
        _see_that_it_may_be_scheduled(command, session=session, today=trace.today)
        known = _save(command, session=session, trace=trace)
    elif any(getattr(known, name) != getattr(command, name) for name in ASKED):
        raise AllocationDiffersError("Another allocation has this id.")
    return {"allocation_id": known.allocation_id, "set_aside_pence": known.set_aside_pence}


def _see_that_it_may_be_scheduled(
    command: ScheduleAllocation, *, session: Session, today: date
) -> None:
    is_once = command.recurrence is Recurrence.ONCE
    rules.see_that_days_follow(
        starts_on=command.starts_on, ends_on=command.ends_on, is_once=is_once
    )
    rules.see_that_it_is_not_past(command.starts_on, today=today)
    rules.see_that_leftover_fits(
        command.leftover,
        keep_weeks=command.keep_weeks,
        is_once=is_once,
        has_end=command.ends_on is not None,
    )
    if session.get(Ending, command.budget_id) is not None:
        raise BudgetEndedError("This budget has an end.")
    if command.funder_id not in bookkeeper.funders_of(session, command.budget_id):
        raise FunderNotInBudgetError("This funder pays nothing into this budget.")


def _save(command: ScheduleAllocation, *, session: Session, trace: Trace) -> Allocation:
    """Save a stream, and set aside what is free of the funder's money if it is the first one."""
    budget_id, funder_id = command.budget_id, command.funder_id
    bookkeeper.open_account(session, AccountKind.UNALLOCATED, budget_ids=[budget_id])
    into = streams.target(session, budget_id, funder_id, today=trace.today)
    is_first = into is AccountKind.AVAILABLE
    standing = streams.standings(session, [budget_id])[budget_id, funder_id]
    allocation = Allocation(
        allocation_id=command.allocation_id,
        **{name: getattr(command, name) for name in ASKED},
        set_aside_pence=standing.free_pence if is_first else 0,
        actor=trace.actor,
        scheduled_at=trace.at,
    )
    session.add(allocation)
    booking = streams.booking(
        budget_id,
        source_id=allocation.allocation_id,
        on=trace.today,
        reason="Money is to become usable bit by bit: what was free of it was set aside.",
        entries=rules.set_aside_entries(funder_id, amount_pence=allocation.set_aside_pence),
        trace=trace,
    )
    bookkeeper.book(session, booking)
    return allocation


def end_allocation(command: EndAllocation, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Let a stream end before its day. What is unallocated then stays the funder's.

    Raises:
        AllocationNotFoundError: there is no such allocation.
        AllocationEndedError: it has ended, or has another end.
        AllocationDatesWrongError: the day is not ahead, or not before its end.
    """
    allocation = session.get(Allocation, command.allocation_id)
    if allocation is None:
        raise AllocationNotFoundError("There is no such allocation.")
    locked_budget(session, allocation.budget_id)
    known = session.get(AllocationEnding, command.allocation_id)
    if known is None:
        _see_that_it_can_end(allocation, command, session=session, today=trace.today)
        known = AllocationEnding(
            allocation_id=command.allocation_id,
            ends_on=command.ends_on,
            reason=command.reason,
            actor=trace.actor,
            recorded_at=trace.at,
        )
        session.add(known)
    elif (known.ends_on, known.reason) != (command.ends_on, command.reason):
        raise AllocationEndedError("This allocation has another end.")
    return {"allocation_id": known.allocation_id, "ends_on": known.ends_on}


def _see_that_it_can_end(
    allocation: Allocation, command: EndAllocation, *, session: Session, today: date
) -> None:
    if session.get(Ending, allocation.budget_id) is not None:
        raise AllocationEndedError("This allocation ends with its budget.")
    rules.see_that_it_can_end(
        stream_ends_on=allocation.ends_on, ends_on=command.ends_on, today=today
    )


def run_allocations(command: RunAllocations, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Make the runs of a pool that are due up to a day, the oldest first, once each.

    A thousand at most: ``is_all`` is false when it must be asked for again. Of budgets that have
    ended what is unallocated becomes available instead, so that it can go back.

    Raises:
        PoolNotFoundError: there is no such pool.
        AllocationDatesWrongError: the day is yet to come.
        PeriodClosedError: the books are closed for today; nothing is written.
    """
    funders.partners_of(session, command.pool_id)
    rules.see_that_it_is_not_ahead(command.on, today=trace.today)
    most = MOST_BOOKINGS + 1
    found = streams.due_in_pool(session, command.pool_id, on=command.on, most=most)
    ended = streams.ended_budgets(session, command.pool_id, on=command.on, most=most)
    budget_ids = locked_budgets(session, [*(one.stream.budget_id for one in found), *ended])
    # As they are under the lock: another process may have been quicker.
    found = streams.due_in_budgets(session, budget_ids, on=command.on, most=most)
    due = _in_order(found, on=command.on)
    batch = due[:MOST_BOOKINGS]
    releases = _releases(session, ended, most=MOST_BOOKINGS - len(batch), trace=trace)
    made = list(_made(session, batch))
    _write(session, made, releases, trace=trace)
    is_all = len(due) <= MOST_BOOKINGS and len(batch) + len(ended) <= MOST_BOOKINGS
    return {"runs": len(made), "is_all": is_all}


def _in_order(found: Sequence[DueStream], *, on: date) -> list[Due]:
    """Return runs by day, and by stream within one: one more than fits into a batch at most."""
    every = (
        Due(stream=one, period=period)
        for one in found
        for period in islice(rules.due(one.stream, one.last, on=on), MOST_BOOKINGS + 1)
    )
    in_order = sorted(
        every, key=lambda run: (run.period.starts_on, run.stream.stream.allocation_id)
    )
    return in_order[: MOST_BOOKINGS + 1]


def _made(session: Session, batch: Sequence[Due]) -> Iterator[Made]:
    """Make runs one after the other, each on what the one before left."""
    standings = streams.standings(session, [run.stream.stream.budget_id for run in batch])
    last = {run.stream.stream.allocation_id: run.stream.last for run in batch}
    for run in batch:
        stream: Stream = run.stream.stream
        of_funder = (stream.budget_id, stream.funder_id)
        made, standings[of_funder] = rules.make(
            stream,
            run.period,
            last=last[stream.allocation_id],
            standing=standings[of_funder],
        )
        last[stream.allocation_id] = rules.as_last(made)
        yield made


def _releases(session: Session, ended: Sequence[UUID], *, most: int, trace: Trace) -> list[Booking]:
    """Return bookings that make available what is unallocated in budgets that have ended."""
    pence: dict[UUID, dict[UUID, int]] = {}
    for (budget_id, funder_id), standing in streams.standings(session, ended[:most]).items():
        pence.setdefault(budget_id, {})[funder_id] = standing.unallocated_pence
    return [
        streams.release(session, budget_id, of_budget, reason=streams.BUDGET_ENDED, trace=trace)
        for budget_id, of_budget in pence.items()
    ]


def _write(
    session: Session, made: Sequence[Made], releases: Sequence[Booking], *, trace: Trace
) -> None:
    """Save runs, book them with what is released as one batch, and tell of them."""
    session.add_all(_row(one, trace=trace) for one in made)
    bookkeeper.book(session, *(_booking(one, trace=trace) for one in made), *releases)
    for one in made:
        outbox.add(session, _told(one, trace=trace), trace=trace)


def _row(made: Made, *, trace: Trace) -> AllocationRun:
    return AllocationRun(
        allocation_id=made.stream.allocation_id,
        period_starts_on=made.period.starts_on,
        is_closing=made.period.is_closing,
        next_on=rules.as_last(made).next_on,
        allocated_pence=made.allocated_pence,
        taken_back_pence=made.taken_back_pence,
        short_pence=made.short_pence,
        run_at=trace.at,
    )


def _booking(made: Made, *, trace: Trace) -> Booking:
    return streams.booking(
        made.stream.budget_id,
        source_id=made.stream.allocation_id,
        on=made.period.starts_on,
        reason=made.reason,
        metadata={"period_starts_on": made.period.starts_on.isoformat()},
        entries=rules.run_entries(made),
        trace=trace,
    )


def _told(made: Made, *, trace: Trace) -> AllocationMade:
    return AllocationMade(
        occurred_at=trace.at,
        allocation_id=made.stream.allocation_id,
        budget_id=made.stream.budget_id,
        funder_id=made.stream.funder_id,
        period_starts_on=made.period.starts_on,
        allocated_pence=made.allocated_pence,
        taken_back_pence=made.taken_back_pence,
        short_pence=made.short_pence,
    )
