"""Streams by which money becomes usable, and their runs. None of it is ever changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.allocations.rules import Leftover, Recurrence
from services.budget.tables import Table


class Allocation(Table):
    """A stream of one funder's money in one budget, as it was scheduled."""

    __tablename__ = "allocations"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("ends_on IS NOT NULL OR recurrence = 'once'", name="end_told"),
        CheckConstraint("(leftover = 'claw') = (keep_weeks IS NOT NULL)", name="weeks_of_claw"),
        CheckConstraint("keep_weeks >= 0", name="weeks_not_negative"),
        CheckConstraint("set_aside_pence >= 0", name="set_aside_not_negative"),
    )
    allocation_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), index=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"))
    recurrence: Mapped[Recurrence]
    amount_pence: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # the first day on which there is no period any more
    leftover: Mapped[Leftover]
    keep_weeks: Mapped[int | None]
    set_aside_pence: Mapped[int]  # of what was available when it was scheduled
    actor: Mapped[str]  # organisation/role
    scheduled_at: Mapped[datetime]


class AllocationEnding(Table):
    """An earlier end of a stream, and who said so."""

    __tablename__ = "allocation_endings"
    allocation_id: Mapped[UUID] = mapped_column(
        ForeignKey("allocations.allocation_id"), primary_key=True
    )
    ends_on: Mapped[date]
    reason: Mapped[str]
    actor: Mapped[str]
    recorded_at: Mapped[datetime]


class AllocationRun(Table):
    """One run of a stream: once for each period, whoever asks for it and however often."""

    __tablename__ = "allocation_runs"
    __table_args__ = (
        CheckConstraint("allocated_pence >= 0", name="allocated_not_negative"),
        CheckConstraint("taken_back_pence >= 0", name="taken_back_not_negative"),
        CheckConstraint("short_pence >= 0", name="short_not_negative"),
        CheckConstraint(
            "NOT is_closing OR allocated_pence = 0 AND next_on IS NULL", name="closing_is_last"
        ),
    )
    allocation_id: Mapped[UUID] = mapped_column(
        ForeignKey("allocations.allocation_id"), primary_key=True
    )
    period_starts_on: Mapped[date] = mapped_column(primary_key=True)
    is_closing: Mapped[bool]  # the stream has ended; only what was left is taken back
    next_on: Mapped[date | None]  # when the next period starts, if the stream goes on so long
    allocated_pence: Mapped[int]
    taken_back_pence: Mapped[int]
    short_pence: Mapped[int]  # was not there; where the stream carries, all that is still short
    run_at: Mapped[datetime]


class AllocationRelease(Table):
    """Unallocated money that became available by no run: its budget ended, or it goes back."""

    __tablename__ = "allocation_releases"
    __table_args__ = (CheckConstraint("amount_pence > 0", name="amount_positive"),)
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), index=True)
    amount_pence: Mapped[int]
    reason: Mapped[str]
    actor: Mapped[str]
    released_at: Mapped[datetime]
