"""The tables of what partners' systems sent."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.partners.tables import Sealed, Table

VERY_MANY = 1_000


class ReceivedState(enum.StrEnum):
    """Where a message of a partner stands."""

    WAITING = "waiting"  # it is passed on, and what comes of it is not known yet
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ReceivedMessage(Table):
    """One message of a partner that can be answered. A copy of it has no row of its own."""

    __tablename__ = "received_messages"
    __table_args__ = (
        Index("received_messages_of_partner_ix", "partner", "received_at"),
        Index(
            "received_messages_waiting_ix", "partner", postgresql_where=text("state = 'waiting'")
        ),
    )
    partner: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str]  # SHA-256 of its body
    system: Mapped[str]  # that is answered
    message_type: Mapped[str]
    correlation_id: Mapped[UUID]
    received_at: Mapped[datetime]
    body: Mapped[bytes | None] = mapped_column(Sealed("received_messages.body"))  # until answered
    state: Mapped[ReceivedState]
    code: Mapped[str | None] = mapped_column(default=None)  # of the rejection
    copies: Mapped[int] = mapped_column(default=0)  # how often it came again
    reply: Mapped[bytes | None] = mapped_column(Sealed("received_messages.reply"), default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)


class UnreadableMessage(Table):
    """One message that nobody can be answered about: it has no id. Somebody has to look."""

    __tablename__ = "unreadable_messages"
    __table_args__ = (
        Index(
            "unreadable_messages_unseen_ix", "partner", postgresql_where=text("seen_to_at IS NULL")
        ),
    )
    unreadable_id: Mapped[UUID] = mapped_column(primary_key=True)
    partner: Mapped[str]
    system: Mapped[str]
    reason: Mapped[str]
    digest: Mapped[str]
    # Its first part; nothing, where very many of its partner's wait for somebody.
    body: Mapped[bytes] = mapped_column(Sealed("unreadable_messages.body"))
    received_at: Mapped[datetime]
    seen_to_at: Mapped[datetime | None] = mapped_column(default=None)
    seen_to_by: Mapped[str | None] = mapped_column(default=None)

    @classmethod
    def are_very_many(cls, partner: str, *, session: Session) -> bool:
        """Tell whether so many of a partner's wait for somebody that no more is kept of another."""
        unseen = select(cls.unreadable_id).where(cls.partner == partner, cls.seen_to_at.is_(None))
        return session.scalar(unseen.offset(VERY_MANY - 1).limit(1)) is not None
