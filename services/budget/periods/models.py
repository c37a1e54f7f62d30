"""Periods of a pool's books."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.periods.rules import PeriodState
from services.budget.tables import Table


class Period(Table):
    """Some days of a pool's books, and whether they can still be written for."""

    __tablename__ = "periods"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        ExcludeConstraint(
            (text("pool_id"), "="),
            (text("daterange(starts_on, ends_on)"), "&&"),
            name="periods_no_overlap_excl",
        ),
    )
    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.pool_id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the first day that is not in it
    state: Mapped[PeriodState]
