"""What providers told us, as they told it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.messages.models import Message
from services.notifications.tables import Table


class Receipt(Table):
    """One delivery receipt. No address is kept with it."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint(
            "provider_id",
            "status",
            "completed_at",
            name="receipts_told_once_key",
            postgresql_nulls_not_distinct=True,
        ),
    )
    receipt_id: Mapped[UUID] = mapped_column(primary_key=True)
    provider_id: Mapped[UUID]
    reference: Mapped[UUID | None]
    status: Mapped[str]
    completed_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    message_id: Mapped[UUID | None] = mapped_column(  # none: of nobody's message, so far
        ForeignKey(Message.message_id), index=True
    )
