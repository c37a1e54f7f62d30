"""Limits that were set. Nothing here is changed: a later day's row says what is new."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table


class SpendingLimit(Table):
    """What a role may ask for and approve from a day on."""

    __tablename__ = "spending_limits"
    __table_args__ = (
        CheckConstraint("asks_up_to_pence >= 0", name="asks_not_negative"),
        CheckConstraint("approves_up_to_pence >= 0", name="approves_not_negative"),
        CheckConstraint("counts_for_days > 0", name="counts_for_days_positive"),
    )
    role: Mapped[str] = mapped_column(primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    asks_up_to_pence: Mapped[int]
    approves_up_to_pence: Mapped[int]
    counts_for_days: Mapped[int]
    set_by: Mapped[UUID]
    reason: Mapped[str]
    set_at: Mapped[datetime]
