"""The allocations of a budget, and which runs are due."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts.bookkeeper import MOST_BOOKINGS
from services.budget.agreements.models import Ending, known_budget
from services.budget.allocations import streams
from services.budget.allocations.commands import RunAllocations
from services.budget.allocations.models import Allocation, AllocationEnding, AllocationRun
from services.budget.funders.models import Pool
from shared.clock import day_in_london

MOST_BATCHES = 20  # of one pool, in an hour


def allocations(budget_id: UUID, *, session: Session) -> dict[str, Any]:
    """Return a budget's streams with their runs, and what is not allocated yet of each funder.

    Raises:
        BudgetNotFoundError: there is no such budget.
    """
    known_budget(session, budget_id)
    of_budget = (
        select(Allocation)
        .where(Allocation.budget_id == budget_id)
        .order_by(Allocation.starts_on, Allocation.allocation_id)
    )
    return {
        "budget_id": budget_id,
        "funders": [
            {"funder_id": funder_id, "unallocated_pence": standing.unallocated_pence}
            for (_, funder_id), standing in streams.standings(session, [budget_id]).items()
        ],
        "allocations": [_shown(session, one) for one in session.scalars(of_budget)],
    }


def _shown(session: Session, allocation: Allocation) -> dict[str, Any]:
    ending = session.get(AllocationEnding, allocation.allocation_id)
    budget_ending = session.get(Ending, allocation.budget_id)
    ends = (allocation, ending, budget_ending)
    runs = (
        select(AllocationRun)
        .where(AllocationRun.allocation_id == allocation.allocation_id)
        .order_by(AllocationRun.period_starts_on)
    )
    return {
        "allocation_id": allocation.allocation_id,
        "funder_id": allocation.funder_id,
        "recurrence": allocation.recurrence,
        "amount_pence": allocation.amount_pence,
        "starts_on": allocation.starts_on,
        "ends_on": min((one.ends_on for one in ends if one and one.ends_on), default=None),
        "ended_because": ending.reason if ending else None,
        "leftover": allocation.leftover,
        "keep_weeks": allocation.keep_weeks,
        "set_aside_pence": allocation.set_aside_pence,
        "runs": [
            {
                "period_starts_on": run.period_starts_on,
                "allocated_pence": run.allocated_pence,
                "taken_back_pence": run.taken_back_pence,
                "short_pence": run.short_pence,
                "run_at": run.run_at,
            }
            for run in session.scalars(runs)
        ],
    }


def due(at: datetime, *, session: Session) -> list[RunAllocations]:
    """Return what is to be done about runs that are due: a command for each thousand of a pool."""
    on = day_in_london(at)
    return [
        RunAllocations(pool_id=pool_id, on=on)
        for pool_id in session.scalars(select(Pool.pool_id).order_by(Pool.pool_id))
        for _ in _batches(session, RunAllocations(pool_id=pool_id, on=on))
    ]


def _batches(session: Session, command: RunAllocations) -> Iterator[int]:
    most = MOST_BATCHES * MOST_BOOKINGS
    streams_due = streams.due_in_pool(session, command.pool_id, on=command.on, most=most)
    ended = streams.ended_budgets(session, command.pool_id, on=command.on, most=most)
    yield from range(0, len(streams_due) + len(ended), MOST_BOOKINGS)
