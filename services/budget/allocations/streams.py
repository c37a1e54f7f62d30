"""Streams as they stand in the books: what is due of them, and the money they draw on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import AccountKind, Entry
from services.budget.allocations import rules
from services.budget.allocations.models import AllocationRelease
from services.budget.allocations.rules import LastRun, Leftover, Recurrence, Standing, Stream
from shared.trace import Trace

FunderInBudget = tuple[UUID, UUID]  # a budget, and one funder of it

# ruff: noqa: S608 - what is put together here are words of this file
# A stream ends by its own last day, by an earlier one that somebody gave it, or with its budget.
_STREAMS = """
    SELECT a.allocation_id, a.budget_id, a.funder_id, a.recurrence, a.amount_pence, a.starts_on,
           least(a.ends_on, e.ends_on, b.ends_on) AS ends_on, a.leftover, a.keep_weeks,
           b.ends_on AS budget_ends_on
    FROM allocations AS a LEFT JOIN allocation_endings AS e USING (allocation_id)
    LEFT JOIN budget_endings AS b USING (budget_id)
"""
_HAS_SCHEDULE = text(f"""
    SELECT EXISTS (
        SELECT FROM ({_STREAMS}
                     WHERE a.budget_id = :budget_id AND a.funder_id = :funder_id) AS s
        WHERE coalesce(s.ends_on, s.starts_on + 1) > :today)
""")  # nosec B608  # words of our own
# What is due next of each stream; of a budget that has ended nothing is.
_DUE = f"""
    SELECT * FROM (
        SELECT s.*, r.allocated_pence, r.short_pence, r.next_on, r.is_closing, CASE
                   WHEN r.is_closing OR s.budget_ends_on <= :on THEN NULL
                   WHEN r.allocation_id IS NULL THEN CASE
                       WHEN s.ends_on IS NULL OR s.starts_on < s.ends_on THEN s.starts_on END
                   WHEN r.next_on < s.ends_on THEN r.next_on
                   WHEN s.leftover <> 'carry' THEN s.ends_on END AS due_on
        FROM ({_STREAMS} JOIN budgets AS of_pool ON of_pool.budget_id = a.budget_id
              WHERE {{which}}) AS s
        LEFT JOIN LATERAL (
            SELECT * FROM allocation_runs AS r WHERE r.allocation_id = s.allocation_id
            ORDER BY period_starts_on DESC LIMIT 1) AS r ON true) AS next_ones
    WHERE due_on <= :on
"""  # nosec B608  # words of our own
_OF_POOL = _DUE.format(which="of_pool.pool_id = :pool_id")
_OF_BUDGETS = _DUE.format(which="a.budget_id = ANY(CAST(:budget_ids AS uuid[]))")
_IN_ORDER = "ORDER BY due_on, allocation_id LIMIT :most"
_DUE_IN_POOL = text(f"{_OF_POOL} {_IN_ORDER}")
_DUE_IN_BUDGETS = text(f"{_OF_BUDGETS} {_IN_ORDER}")
# What is unallocated, and what is free of the funder's own money: the person's part of a council's
# book, which the person was charged for, is not the council's to set aside. Nor is what a reserve
# added for a crisis that goes on: of all that is there, it is used last.
_STANDINGS = text("""
    SELECT a.budget_id, a.funder_id,
           (b.posted_pence - b.held_pence - charges.pence
            - CASE WHEN :with_crisis THEN 0 ELSE of_crisis.pence END)::bigint AS left_pence,
           coalesce(u.posted_pence, 0) AS unallocated_pence
    FROM accounts AS a JOIN balances AS b USING (account_id)
    LEFT JOIN accounts AS ua
        ON (ua.budget_id, ua.funder_id, ua.name) = (a.budget_id, a.funder_id, 'unallocated')
    LEFT JOIN balances AS u ON u.account_id = ua.account_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS pence FROM accounts AS c CROSS JOIN LATERAL (
            SELECT amount_pence AS amount FROM postings WHERE debit_account_id = c.account_id
            UNION ALL SELECT -amount_pence FROM postings
            WHERE credit_account_id = c.account_id) AS moved
        WHERE (c.budget_id, c.funder_id) = (a.budget_id, a.funder_id)
          AND c.kind IN ('charged', 'charge_due')) AS charges
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(p.amount_pence), 0) AS pence
        FROM crisis_reserves AS r JOIN crises AS k USING (reserve_id)
        JOIN crisis_parts AS p USING (crisis_id)
        WHERE r.budget_id = a.budget_id AND p.funder_id = a.funder_id
          AND k.stood_down_at IS NULL) AS of_crisis
    WHERE a.kind = 'available' AND a.budget_id = ANY(CAST(:budget_ids AS uuid[]))
    ORDER BY a.budget_id, a.funder_id
""")
_ENDED = text("""
    SELECT DISTINCT a.budget_id FROM accounts AS a JOIN balances AS b USING (account_id)
    JOIN budget_endings AS e USING (budget_id) JOIN budgets AS o USING (budget_id)
    WHERE a.kind = 'unallocated' AND b.posted_pence > 0 AND e.ends_on <= :on
      AND o.pool_id = :pool_id
    ORDER BY a.budget_id LIMIT :most
""")
BUDGET_ENDED = "The budget has ended: what was not allocated is left over."


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStream:
    """A stream of which something is due, and its newest run."""

    stream: Stream
    last: LastRun | None


def target(session: Session, budget_id: UUID, funder_id: UUID, *, today: date) -> AccountKind:
    """Return the account that a funder's money comes to: what is scheduled waits for its runs."""
    asked = {"budget_id": budget_id, "funder_id": funder_id, "today": today}
    is_scheduled = session.scalar(_HAS_SCHEDULE, asked)
    return AccountKind.UNALLOCATED if is_scheduled else AccountKind.AVAILABLE


def due_in_pool(session: Session, pool_id: UUID, *, on: date, most: int) -> list[DueStream]:
    """Return the streams of a pool of which something is due up to a day, the oldest first."""
    rows = session.execute(_DUE_IN_POOL, {"pool_id": pool_id, "on": on, "most": most})
    return [_due(row) for row in rows]


def due_in_budgets(
    session: Session, budget_ids: Sequence[UUID], *, on: date, most: int
) -> list[DueStream]:
    """Return the same for budgets that the caller has locked: none of it changes any more."""
    asked = {"budget_ids": list(budget_ids), "on": on, "most": most}
    return [_due(row) for row in session.execute(_DUE_IN_BUDGETS, asked)]


def _due(row: Any) -> DueStream:
    stream = Stream(
        allocation_id=row.allocation_id,
        budget_id=row.budget_id,
        funder_id=row.funder_id,
        recurrence=Recurrence(row.recurrence),
        amount_pence=row.amount_pence,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        leftover=Leftover(row.leftover),
        keep_weeks=row.keep_weeks,
    )
    if row.is_closing is None:
        return DueStream(stream=stream, last=None)
    last = LastRun(
        allocated_pence=row.allocated_pence,
        short_pence=row.short_pence,
        next_on=row.next_on,
        is_closing=row.is_closing,
    )
    return DueStream(stream=stream, last=last)


def standings(
    session: Session, budget_ids: Sequence[UUID], *, with_crisis: bool = False
) -> dict[FunderInBudget, Standing]:
    """Return how each organisation's money stands in budgets.

    Args:
        session: of any transaction; whoever acts on it has locked the budgets.
        budget_ids: which.
        with_crisis: whether what a reserve added for a crisis that goes on is free as well.
    """
    if not budget_ids:
        return {}
    asked = {"budget_ids": list(budget_ids), "with_crisis": with_crisis}
    rows = session.execute(_STANDINGS, asked)
    return {
        (row.budget_id, row.funder_id): Standing(
            unallocated_pence=row.unallocated_pence, left_pence=row.left_pence
        )
        for row in rows
    }


def ended_budgets(session: Session, pool_id: UUID, *, on: date, most: int) -> list[UUID]:
    """Return the budgets of a pool that have ended and hold unallocated money."""
    asked = {"pool_id": pool_id, "on": on, "most": most}
    return list(session.scalars(_ENDED, asked))


def release(
    session: Session,
    budget_id: UUID,
    pence: Mapping[UUID, int],
    *,
    reason: str,
    trace: Trace,
) -> Booking:
    """Return the booking that makes unallocated money available, and note it.

    Args:
        session: of the transaction that books it; the budget is locked.
        budget_id: whose money it is.
        pence: by funder, no more than is unallocated.
        reason: why, in words.
        trace: by whom, and when.
    """
    release_id = uuid4()
    moved = {funder_id: amount for funder_id, amount in pence.items() if amount}
    session.add_all(
        AllocationRelease(
            release_id=release_id,
            funder_id=funder_id,
            budget_id=budget_id,
            amount_pence=amount_pence,
            reason=reason,
            actor=trace.actor,
            released_at=trace.at,
        )
        for funder_id, amount_pence in moved.items()
    )
    entries = [
        entry
        for funder_id, amount_pence in moved.items()
        for entry in rules.release_entries(funder_id, amount_pence=amount_pence)
    ]
    return booking(
        budget_id, source_id=release_id, on=trace.today, reason=reason, entries=entries, trace=trace
    )


def release_all(session: Session, budget_id: UUID, *, trace: Trace) -> None:
    """Make available whatever is unallocated in a budget that has ended."""
    pence = {
        funder_id: standing.unallocated_pence
        for (_, funder_id), standing in standings(session, [budget_id]).items()
    }
    bookkeeper.book(session, release(session, budget_id, pence, reason=BUDGET_ENDED, trace=trace))


def booking(
    budget_id: UUID,
    *,
    source_id: UUID,
    on: date,
    reason: str,
    entries: Sequence[Entry],
    trace: Trace,
    metadata: Mapping[str, str] | None = None,
) -> Booking:
    """Return a booking about unallocated money. It counts for today, whenever it was due."""
    return Booking(
        budget_id=budget_id,
        kind=JournalKind.ALLOCATION,
        source_id=source_id,
        effective_on=trace.today,
        occurred_on=on,
        actor=trace.actor,
        reason=reason,
        metadata=metadata or {},
        entries=entries,
    )
