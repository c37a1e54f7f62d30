"""Every message to a person, with its words and with what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.messages.rules import Importance, MessageState
from services.notifications.people.models import Person
from services.notifications.people.rules import Channel
from services.notifications.tables import Table


class Message(Table):
    """One message. Its id is the reference under which the provider knows it."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id", "topic", name="messages_told_once_key"),
        CheckConstraint("(channel = 'sms') = (subject IS NULL)", name="subject_unless_sms"),
        CheckConstraint(
            "(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_has_time"
        ),
        CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="failed_has_reason"),
        Index("messages_of_person_ix", "person_id", "created_at"),
    )
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.person_id))
    topic: Mapped[str]
    importance: Mapped[Importance]
    channel: Mapped[Channel]
    language: Mapped[str]  # of the words
    language_wanted: Mapped[str]
    format_wanted: Mapped[str | None]  # large_print and others
    template_version: Mapped[int]
    subject: Mapped[str | None]  # of an e-mail, or the heading of a letter
    body: Mapped[str]
    correlation_id: Mapped[UUID]  # the story that its receipts go on with
    created_at: Mapped[datetime]
    state: Mapped[MessageState] = mapped_column(default=MessageState.WAITING)
    called_at: Mapped[datetime | None] = mapped_column(default=None)  # system time of the last call
    provider_id: Mapped[UUID | None] = mapped_column(unique=True, default=None)
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)  # why it failed
