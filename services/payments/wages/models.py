"""The hours that wages are paid for."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table


class Wage(Table):
    """How long somebody worked, and for how much an hour. The purchase has the amount."""

    __tablename__ = "wages"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes_positive"),
        CheckConstraint("hourly_rate_pence > 0", name="rate_positive"),
        CheckConstraint("worked_from_on <= worked_until_on", name="days_in_order"),
    )
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), primary_key=True)
    minutes: Mapped[int]
    hourly_rate_pence: Mapped[int]
    worked_from_on: Mapped[date]
    worked_until_on: Mapped[date]  # the last day worked
