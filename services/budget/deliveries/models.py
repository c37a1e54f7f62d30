"""What was delivered; each is a hold too, whose portions say whose part it is."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.tables import Table


class Delivery(Table):
    """Care that a partner arranged and delivered, without a payment."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("actor <> ''", name="actor_told"),
    )
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("holds.purchase_id"), primary_key=True)
    amount_pence: Mapped[int]
    delivered_on: Mapped[date]
    actor: Mapped[str]
    recorded_at: Mapped[datetime]
