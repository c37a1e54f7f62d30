"""The tables that carry messages. Every service has them in its own database."""

import enum
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Table, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from shared.database import TYPES, new_metadata


class MessagingTable(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """The base of these tables. A service's own tables have a base of their own."""

    metadata = new_metadata()
    type_annotation_map = TYPES


DUE = "state in ('waiting', 'calling', 'unknown')"


def _index(name: str, *columns: str, where: str) -> Index:
    """Index only the rows that somebody looks for, which are few."""
    return Index(name, *columns, postgresql_where=text(where))


class OutboxState(enum.StrEnum):
    PENDING = "pending"
    PUBLISHED = "published"
    PARKED = "parked"  # can never be sent as it is; somebody has to look
    DISCARDED = "discarded"  # somebody looked, and decided against it


class OutboxMessage(MessagingTable):
    """One message for the relay; its row stays when the broker has confirmed it."""

    __tablename__ = "outbox"
    __table_args__ = (
        _index("outbox_pending_ix", "position", "next_attempt_at", where="state = 'pending'"),
        _index("outbox_published_ix", "published_at", where="state = 'published'"),
        _index("outbox_parked_ix", "position", where="state = 'parked'"),
    )
    position: Mapped[int] = mapped_column(primary_key=True, init=False)
    message_id: Mapped[UUID] = mapped_column(unique=True)
    event_type: Mapped[str]
    subject: Mapped[str]  # "hold/<uuid>"
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)  # the whole envelope
    correlation_id: Mapped[UUID]
    causation_id: Mapped[UUID]
    state: Mapped[OutboxState] = mapped_column(default=OutboxState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), init=False)
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now(), init=False)
    published_at: Mapped[datetime | None] = mapped_column(default=None)


class InboxState(enum.StrEnum):
    PROCESSED = "processed"
    RETRY = "retry"
    DEAD = "dead"  # the last try failed, or nobody can read it any more: it stays to be seen
    DISCARDED = "discarded"  # somebody looked, and decided against it


class InboxMessage(MessagingTable):
    """One message that a subscriber of this service was given, and what came of it."""

    __tablename__ = "inbox"
    __table_args__ = (
        _index("inbox_retry_ix", "next_attempt_at", where="state = 'retry'"),
        _index("inbox_processed_ix", "processed_at", where="state = 'processed'"),
        _index("inbox_dead_ix", "received_at", where="state = 'dead'"),
    )
    consumer: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[InboxState]
    attempts: Mapped[int]
    failures: Mapped[int]  # of the attempts; to know something too early is none
    body: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # kept until it is processed
    last_error: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.now(), init=False)
    next_attempt_at: Mapped[datetime | None]
    processed_at: Mapped[datetime | None]


class DeadLetterState(enum.StrEnum):
    DEAD = "dead"
    REPLAYED = "replayed"
    DISCARDED = "discarded"


class DeadLetter(MessagingTable):
    """One message that the broker moved to ``<service>.dead``: nobody here could read it."""

    __tablename__ = "dead_letters"
    __table_args__ = (
        Index("dead_letters_digest_ix", "digest"),
        _index("dead_letters_dead_ix", "died_at", where="state = 'dead'"),
    )
    dead_letter_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str]  # SHA-256 of its body
    deaths: Mapped[int]  # how often the broker has moved this very message, this time included
    reason: Mapped[str]
    routing_key: Mapped[str]
    content_type: Mapped[str | None]
    message_id: Mapped[str | None]  # as its sender wrote it, which may be anything
    body: Mapped[bytes]  # sealed
    died_at: Mapped[datetime]
    state: Mapped[DeadLetterState] = mapped_column(default=DeadLetterState.DEAD)


class DeadLetterAct(MessagingTable):
    """What somebody did about dead messages of one kind, and why."""

    __tablename__ = "dead_letter_acts"
    act_id: Mapped[UUID] = mapped_column(primary_key=True)
    acted_at: Mapped[datetime] = mapped_column(server_default=func.now(), init=False)
    who: Mapped[str]
    why: Mapped[str]
    act: Mapped[str]
    place: Mapped[str]
    fingerprint: Mapped[str]
    message_ids: Mapped[list[str]] = mapped_column(JSONB)
    refused: Mapped[int]  # how many were left as they are, and are not among the ids


class AnsweredCommand(MessagingTable):
    """A command that was answered, so that a repeat gets the same answer."""

    __tablename__ = "answered_commands"
    command_id: Mapped[UUID] = mapped_column(primary_key=True)
    operation: Mapped[str]
    request_sha256: Mapped[str]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    answered_at: Mapped[datetime] = mapped_column(server_default=func.now(), init=False)


class ErrandState(enum.StrEnum):
    WAITING = "waiting"
    CALLING = "calling"  # a worker has it until its lease ends
    UNKNOWN = "unknown"  # the call may have worked: it is enquired about, never repeated
    DONE = "done"
    FAILED = "failed"  # refused outside, or out of tries: somebody has to look
    DISCARDED = "discarded"  # somebody looked


class Errand(MessagingTable):
    """One call to the outside, written in the transaction that needs it."""

    __tablename__ = "errands"
    __table_args__ = (
        _index("errands_due_ix", "next_attempt_at", where=DUE),
        _index("errands_failed_ix", "next_attempt_at", where="state = 'failed'"),
        _index("errands_done_ix", "next_attempt_at", where="state = 'done'"),
    )
    errand_id: Mapped[UUID] = mapped_column(primary_key=True)  # its idempotency key outside
    kind: Mapped[str]
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB)
    correlation_id: Mapped[UUID]
    causation_id: Mapped[UUID]
    actor: Mapped[str]
    traceparent: Mapped[str] = mapped_column(server_default="", default="")
    state: Mapped[ErrandState] = mapped_column(default=ErrandState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), init=False)
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=func.now(), init=False)


class ErrandAttempt(MessagingTable):
    """One attempt at an errand, committed before the call; without an end, nobody knows it."""

    __tablename__ = "errand_attempts"
    errand_id: Mapped[UUID] = mapped_column(
        ForeignKey("errands.errand_id", ondelete="CASCADE"), primary_key=True
    )
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]  # the errand's state after it
    reason: Mapped[str | None]


# The same tables for plain statements, where every message passes and an object is not needed.
outbox_table = cast("Table", OutboxMessage.__table__)
inbox_table = cast("Table", InboxMessage.__table__)
answered_commands_table = cast("Table", AnsweredCommand.__table__)
errands_table = cast("Table", Errand.__table__)
