"""Each call to a provider, and what providers told us, as they told it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.delivery.rules import CallOutcome
from services.notifications.messages.models import Delivery
from services.notifications.tables import Table


class Attempt(Table):
    """One call to a provider, committed before it is made; without an outcome, nobody knows it."""

    __tablename__ = "attempts"
    __table_args__ = (CheckConstraint("number >= 1", name="number_counts"),)
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey(Delivery.delivery_id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    provider: Mapped[str]
    called_at: Mapped[datetime]  # system time
    address_digest: Mapped[str]  # of where it was to go; the address itself is not kept
    outcome: Mapped[CallOutcome | None] = mapped_column(default=None)


class Receipt(Table):
    """One delivery receipt. No address is kept with it."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint(
            "provider",
            "provider_id",
            "status",
            "completed_at",
            name="receipts_told_once_key",
            postgresql_nulls_not_distinct=True,
        ),
    )
    receipt_id: Mapped[UUID] = mapped_column(primary_key=True)
    provider: Mapped[str]
    provider_id: Mapped[str]
    reference: Mapped[UUID | None]
    status: Mapped[str]
    completed_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    delivery_id: Mapped[UUID | None] = mapped_column(  # none: of nobody's delivery, so far
        ForeignKey(Delivery.delivery_id), index=True
    )
