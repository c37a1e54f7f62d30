"""What each funder was called for, and what it has paid in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.accounts.rules import FunderId
from services.budget.tables import Table


class Contribution(Table):
    """One funder's, or the person's, contribution to one budget."""

    __tablename__ = "contributions"
    __table_args__ = (
        UniqueConstraint("budget_id", "funder_id"),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
    )
    contribution_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"))
    funder_id: Mapped[FunderId]
    amount_pence: Mapped[int]
    due_on: Mapped[date]
    received_at: Mapped[datetime | None] = mapped_column(default=None)
    bank_reference: Mapped[str | None] = mapped_column(default=None)
