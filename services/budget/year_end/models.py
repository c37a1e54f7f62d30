"""Ends of financial years, and what became of each partner's money in each budget."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.tables import Table


class YearEnd(Table):
    """A pool's financial year was ended by these rules; never changed afterwards."""

    __tablename__ = "year_ends"
    __table_args__ = (
        ForeignKeyConstraint(
            ["period_id", "version"],
            ["period_closures.period_id", "period_closures.version"],
            name="year_ends_closure_fkey",
        ),
    )
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.pool_id"), primary_key=True)
    financial_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period_id: Mapped[UUID]  # the year's last
    version: Mapped[int]  # the snapshot that says what was left
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    actor: Mapped[str]
    made_at: Mapped[datetime]


class YearEndLine(Table):
    """What became of one partner's money in one budget."""

    __tablename__ = "year_end_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["pool_id", "financial_year"],
            ["year_ends.pool_id", "year_ends.financial_year"],
            name="year_end_lines_year_end_fkey",
        ),
        CheckConstraint("left_pence + due_pence = carried_pence + lapsed_pence", name="adds_up"),
        CheckConstraint(
            "left_pence >= 0 AND carried_pence >= 0 AND lapsed_pence >= 0", name="not_negative"
        ),
    )
    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    financial_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), primary_key=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    left_pence: Mapped[int]
    carried_pence: Mapped[int]
    lapsed_pence: Mapped[int]
    due_pence: Mapped[int]  # from the others; below nothing: to them
