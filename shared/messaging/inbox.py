"""The inbox: every message has its effect once, and none disappears.

Claim by insert; effect, inbox row and outbox rows commit together; the acknowledgement comes
afterwards. A failed attempt rolls back and is stored with its body for a delayed retry.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from shared import clock
from shared.contracts import catalogue
from shared.contracts.event import Event
from shared.errors import NotKnownYetError
from shared.messaging import crash
from shared.messaging.tables import InboxMessage, InboxState, inbox_table
from shared.observability import logs
from shared.trace import Trace

# Seconds before each try after a failure: about ten hours in all, then the message is dead.
FAILURE_DELAYS = (1, 5, 30, 120, 600, 1800, 3600, 7200, 7200, 7200, 7200)
# What is not known yet is no failure: it may arrive in a moment, or after a day's outage.
NOT_KNOWN_YET_DELAYS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, *(600,) * 144)

Transaction = Callable[[], AbstractContextManager[Session]]
Subscriber = Callable[..., None]

_CLAIM = (
    insert(inbox_table)
    .values(
        consumer=bindparam("consumer"),
        message_id=bindparam("message_id"),
        state=InboxState.PROCESSED,
        attempts=1,
        failures=0,
        processed_at=func.now(),
    )
    .on_conflict_do_nothing()
    .returning(inbox_table.c.message_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message for one subscriber of this service."""

    consumer: str
    message_id: UUID
    event: Event
    envelope: Mapping[str, Any]
    subscriber: Subscriber
    trace: Trace


def trace_for(envelope: Mapping[str, Any]) -> Trace:
    """Return the trace of the work that ``envelope`` causes.

    Raises:
        UnreadableEventError: its ids are no UUIDs.
    """
    correlation_id, message_id = catalogue.trace_of(envelope)
    return Trace(
        correlation_id=correlation_id,
        causation_id=message_id,
        actor=str(envelope.get("actas", "")),
        at=clock.now(),
        traceparent=str(envelope.get("traceparent", "")),
    )


def process(delivery: Delivery, *, transaction: Transaction) -> str:
    """Give a message to its subscriber, once however often it arrives.

    Returns ``processed`` or ``duplicate``. Raises what the subscriber raised; nothing of its
    work is left then, and ``keep_for_retry`` is the next step.
    """
    with transaction() as session:
        claim = {"consumer": delivery.consumer, "message_id": delivery.message_id}
        if session.execute(_CLAIM, claim).first() is None:
            return "duplicate"
        crash.point("inbox.claimed")
        delivery.subscriber(delivery.event, session=session, trace=delivery.trace)
        crash.point("inbox.handled")
    crash.point("inbox.committed")
    return "processed"


def keep_for_retry(delivery: Delivery, failure: BaseException, *, transaction: Transaction) -> str:
    """Store a message whose subscriber failed, with its body and the time of the next try."""
    with transaction() as session:
        kept = session.get(
            InboxMessage, (delivery.consumer, delivery.message_id), with_for_update=True
        )
        attempts = 1 if kept is None else kept.attempts + 1
        failures = 0 if kept is None else kept.failures
        if isinstance(failure, NotKnownYetError):
            delay = _delay_seconds(NOT_KNOWN_YET_DELAYS, tried=attempts - failures)
        else:
            failures += 1
            delays = () if isinstance(failure, DataError) else FAILURE_DELAYS  # that never passes
            delay = _delay_seconds(delays, tried=failures)
        columns = {
            "state": InboxState.DEAD if delay is None else InboxState.RETRY,
            "attempts": attempts,
            "failures": failures,
            "body": dict(delivery.envelope),
            "last_error": f"{type(failure).__name__} at {logs.where(failure)}",
            "next_attempt_at": func.now() + timedelta(seconds=delay or 0),
        }
        session.execute(
            insert(InboxMessage)
            .values(consumer=delivery.consumer, message_id=delivery.message_id, **columns)
            .on_conflict_do_update(
                index_elements=["consumer", "message_id"],
                set_=columns,
                where=InboxMessage.state == InboxState.RETRY,
            )
        )
        crash.point("failure.noted")
    crash.point("failure.kept")
    return "dead" if delay is None else "retry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A message that waits for its next try."""

    consumer: str
    message_id: UUID
    envelope: Mapping[str, Any]


def due(*, transaction: Transaction, limit: int = 50) -> list[Stored]:
    """Return the messages whose next try is due, oldest first."""
    with transaction() as session:
        rows = session.execute(
            select(InboxMessage.consumer, InboxMessage.message_id, InboxMessage.body)
            .where(InboxMessage.state == InboxState.RETRY)
            .where(InboxMessage.next_attempt_at <= func.now())
            .order_by(InboxMessage.next_attempt_at)
            .limit(limit)
        )
        return [
            Stored(consumer=row.consumer, message_id=row.message_id, envelope=row.body or {})
            for row in rows
        ]


def bury(stored: Stored, reason: str, *, transaction: Transaction) -> None:
    """Mark a stored message dead: nobody here can use it as it is."""
    with transaction() as session:
        session.execute(
            update(InboxMessage)
            .where(InboxMessage.consumer == stored.consumer)
            .where(InboxMessage.message_id == stored.message_id)
            .where(InboxMessage.state == InboxState.RETRY)
            .values(state=InboxState.DEAD, last_error=reason)
        )


def retry(delivery: Delivery, *, transaction: Transaction) -> str:
    """Try a stored message again. Somebody else's try of it at the same time is left alone."""
    with transaction() as session:
        claimed = session.execute(
            select(InboxMessage.message_id)
            .where(InboxMessage.consumer == delivery.consumer)
            .where(InboxMessage.message_id == delivery.message_id)
            .where(InboxMessage.state == InboxState.RETRY)
            .where(InboxMessage.next_attempt_at <= func.now())
            .with_for_update(skip_locked=True)
        ).first()
        if claimed is None:
            return "duplicate"
        crash.point("retry.claimed")
        delivery.subscriber(delivery.event, session=session, trace=delivery.trace)
        session.execute(
            update(InboxMessage)
            .where(InboxMessage.consumer == delivery.consumer)
            .where(InboxMessage.message_id == delivery.message_id)
            .values(
                state=InboxState.PROCESSED,
                attempts=InboxMessage.attempts + 1,
                body=None,
                processed_at=func.now(),
            )
        )
        crash.point("retry.handled")
    crash.point("retry.committed")
    return "processed"


def _delay_seconds(delays: Sequence[float], *, tried: int) -> float | None:
    """Return how long to wait before the next try, or None when that was the last."""
    if tried > len(delays):
        return None
    return delays[tried - 1] * random.uniform(0.8, 1.2)  # noqa: S311  # nosec B311  # a delay, no secret
