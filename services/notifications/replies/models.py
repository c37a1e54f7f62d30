"""The texts that people sent: what they meant, and a digest instead of their words."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.replies.rules import Meaning
from services.notifications.tables import Table


class Reply(Table):
    """One text. Its words and its number are at the provider, for as long as that keeps them."""

    __tablename__ = "replies"
    __table_args__ = (
        CheckConstraint("(seen_to_at IS NULL) = (seen_to_by IS NULL)", name="seen_to_by_somebody"),
        Index("replies_of_number_ix", "number_digest", "received_at"),
        Index("replies_open_ix", "received_at", postgresql_where="seen_to_at IS NULL"),
    )
    reply_id: Mapped[UUID] = mapped_column(primary_key=True)
    number_digest: Mapped[str]
    message_digest: Mapped[str]
    meaning: Mapped[Meaning]
    person_id: Mapped[UUID | None]  # whose number it is; none: nobody's, or several people's
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    seen_to_at: Mapped[datetime | None] = mapped_column(default=None)
    seen_to_by: Mapped[UUID | None] = mapped_column(default=None)
