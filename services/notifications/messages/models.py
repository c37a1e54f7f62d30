"""Every message to a person, each way in which it was said, and what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.notifications.messages.rules import DeliveryState, MessageState
from services.notifications.people.models import Person
from services.notifications.people.rules import Audience, Channel
from services.notifications.tables import Sealed, Table
from services.notifications.topics.rules import Importance


class Message(Table):
    """What happened, told once to one of those who are to hear of it."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint(
            "event_id",
            "person_id",
            "topic",
            "audience",
            "recipient_id",
            name="messages_told_once_key",
        ),
        CheckConstraint(
            "audience <> 'holder' OR recipient_id = person_id", name="holder_is_the_person"
        ),
        CheckConstraint(
            "(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_has_time"
        ),
        CheckConstraint(
            "(state IN ('held', 'suppressed', 'cancelled', 'failed')) = (reason IS NOT NULL)",
            name="not_sent_has_reason",
        ),
        CheckConstraint("(seen_to_at IS NULL) = (seen_to_by IS NULL)", name="seen_to_by_somebody"),
        CheckConstraint(
            "(state = 'cancelled') = (cancelled_by IS NOT NULL)", name="cancelled_by_somebody"
        ),
        Index("messages_to_empty_ix", "ended_at", postgresql_where=text("emptied_at IS NULL")),
        Index("messages_of_person_ix", "person_id", "created_at"),
        Index("messages_not_ended_ix", "state", "not_before"),
    )
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.person_id))  # whom it concerns
    audience: Mapped[Audience]
    recipient_id: Mapped[
        UUID
    ]  # the person's, or that of a representative, colleague or organisation
    topic: Mapped[str]
    importance: Mapped[Importance]
    facts: Mapped[dict[str, Any] | None] = mapped_column(Sealed("messages.facts"))
    correlation_id: Mapped[UUID]  # the story that its receipts go on with
    created_at: Mapped[datetime]
    state: Mapped[MessageState] = mapped_column(default=MessageState.WAITING)
    reason: Mapped[str | None] = mapped_column(default=None)  # why it is held, or was not sent
    role: Mapped[str | None] = mapped_column(default=None)  # of a colleague not known yet
    not_before: Mapped[datetime | None] = mapped_column(default=None)  # of one that is held
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    emptied_at: Mapped[datetime | None] = mapped_column(default=None)  # facts and words forgotten
    cancelled_by: Mapped[UUID | None] = mapped_column(default=None)
    seen_to_at: Mapped[datetime | None] = mapped_column(default=None)  # it failed, and is told
    seen_to_by: Mapped[UUID | None] = mapped_column(default=None)


class Delivery(Table):
    """One message by one channel. Its id is the reference under which the provider knows it."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("message_id", "ordinal"),
        UniqueConstraint("provider", "provider_id"),
        CheckConstraint("ordinal >= 1", name="ordinal_counts"),
        CheckConstraint(
            "body IS NULL OR (channel = 'sms') = (subject IS NULL)", name="subject_unless_sms"
        ),
        CheckConstraint(
            "(state IN ('withdrawn', 'failed')) = (reason IS NOT NULL)", name="not_sent_has_reason"
        ),
        CheckConstraint(
            "(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_has_time"
        ),
        Index(
            "deliveries_accepted_ix",
            "accepted_at",
            postgresql_where=text("state = 'accepted'"),
        ),
        Index(
            "deliveries_letters_taken_ix",
            "accepted_at",
            postgresql_where=text(
                "channel = 'letter' AND state = 'delivered' AND settled_at IS NULL"
            ),
        ),
    )
    delivery_id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(ForeignKey(Message.message_id))
    ordinal: Mapped[int]
    channel: Mapped[Channel]
    language: Mapped[str]  # of the words
    language_wanted: Mapped[str]
    format_wanted: Mapped[str | None]  # large_print and others
    template_version: Mapped[int]
    # Of an e-mail, or the heading of a letter.
    subject: Mapped[str | None] = mapped_column(Sealed("deliveries.subject"))
    body: Mapped[str | None] = mapped_column(Sealed("deliveries.body"))
    created_at: Mapped[datetime]
    state: Mapped[DeliveryState] = mapped_column(default=DeliveryState.READY)
    reason: Mapped[str | None] = mapped_column(default=None)  # why it was withdrawn, or failed
    put_off_until: Mapped[datetime | None] = mapped_column(default=None)  # its provider is full
    asked_at: Mapped[datetime | None] = mapped_column(default=None)  # what became of it, last
    provider: Mapped[str | None] = mapped_column(default=None)  # chosen when it is sent
    provider_id: Mapped[str | None] = mapped_column(default=None)
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)  # of a letter: it was posted

    @property
    def is_taken_letter(self) -> bool:
        """Whether it counts as delivered since it was taken, and may yet prove not to be."""
        is_delivered = self.state is DeliveryState.DELIVERED
        return self.channel is Channel.LETTER and is_delivered and self.settled_at is None

    @classmethod
    def of(cls, message_id: UUID, *, session: Session) -> list["Delivery"]:
        """Return the ways in which a message was said, the first one first."""
        ordered = select(cls).where(cls.message_id == message_id).order_by(cls.ordinal)
        return list(session.scalars(ordered))
