"""What can be asked about money that becomes usable bit by bit."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.allocations.rules import Leftover, Recurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleAllocation:
    """Let one funder's money for a budget become the person's to spend at the pace of a stream."""

    allocation_id: UUID
    budget_id: UUID
    funder_id: UUID
    recurrence: Recurrence
    amount_pence: int  # of each period
    starts_on: date
    ends_on: date | None  # the first day on which there is no period any more
    leftover: Leftover
    keep_weeks: int | None  # of the stream, that the person may have saved up; of claw alone


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAllocation:
    """Let a stream end before its day."""

    allocation_id: UUID
    ends_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAllocations:
    """Make every run of a pool that is due up to a day."""

    pool_id: UUID
    on: date
