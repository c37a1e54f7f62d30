"""Direct payments as the ledger told of them. The transfer says how each went."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table


class DirectPayment(Table):
    """Money of a budget for a person or their nominee, for one period."""

    __tablename__ = "direct_payments"
    __table_args__ = (CheckConstraint("amount_pence > 0", name="amount_positive"),)
    payment_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID]
    item_id: Mapped[UUID]
    person_id: Mapped[UUID]
    amount_pence: Mapped[int]
    period_starts_on: Mapped[date]
    told_at: Mapped[datetime]
    correlation_id: Mapped[UUID]
    ordered_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
