"""A service's dead-letter queue, drained into a table where somebody sees what is there."""

import hashlib
from collections.abc import Iterable
from datetime import UTC
from functools import partial
from typing import Any
from uuid import uuid4

import eventlet
import structlog
from sqlalchemy import func, select

from shared import clock
from shared.contracts import catalogue, documents, manifest, sealing
from shared.contracts.event import Event
from shared.messaging import crash
from shared.messaging.consumer import PAUSE_AFTER_FAULT_SECONDS, QueueReader
from shared.messaging.holding import holding
from shared.messaging.tables import DeadLetter

ABOUT = "dead letter"  # what a body is sealed to

log = structlog.get_logger()


def understood(
    body: bytes, *, content_type: str | None, subscriptions: Iterable[Any]
) -> tuple[Event, dict[str, Any], list[Any]]:
    """Return the event in ``body``, its envelope, and the subscriptions that it is for.

    Raises:
        UnreadableDocumentError or UnreadableEventError: nobody here can use it.
    """
    envelope = documents.read(body, content_type=content_type)
    event = catalogue.load(envelope)
    catalogue.trace_of(envelope)
    listening = [one for one in subscriptions if one.event_class is type(event)]
    if not listening:
        raise catalogue.UnreadableEventError("nobody_listens")
    return event, envelope, listening


class DeadLetterQueue(QueueReader):
    """Reads ``<service>.dead``. Nothing takes what it would reject, so it rejects nothing."""

    def queue_name(self, service: str) -> str:
        return manifest.dead_letter_queue(service)

    def receive(self, message: Any) -> None:
        self.container.spawn_managed_thread(partial(self._store, message), identifier="dead letter")

    def _store(self, message: Any) -> None:
        """Store a message, however long that takes, and then acknowledge it."""
        keep = partial(self._keep, message, _facts(message))
        while True:
            try:
                holding(keep, is_stopping=lambda: self.queue_consumer.is_stopping)
                crash.point("dead_letter.stored")
                return self.queue_consumer.acknowledge(message)
            except Exception:
                log.exception("dead_letter_not_stored")
            if self.queue_consumer.is_stopping:
                return self.queue_consumer.leave(message)
            eventlet.sleep(PAUSE_AFTER_FAULT_SECONDS)

    def _keep(self, message: Any, facts: dict[str, Any]) -> None:
        """Store a message once, also if the broker gives it again before it is acknowledged."""
        columns = {name: fact for name, fact in facts.items() if name != "reason"}
        at_no_time = set() if facts["deaths"] else {"died_at"}  # it came straight from the inbox
        identity = {name: columns[name] for name in columns.keys() - at_no_time}
        with self._transaction() as session:
            session.execute(select(func.pg_advisory_xact_lock(func.hashtext(facts["digest"]))))
            if message.channel.connection is None:
                return  # the connection is lost: the broker gives the message again
            is_repeat = message.delivery_info["redelivered"]  # twins sent apart are none
            if is_repeat and session.scalar(select(DeadLetter.digest).filter_by(**identity)):
                return
            reason = self._why(message) or facts["reason"]
            body = sealing.seal_bytes(message.body, about=ABOUT)
            letter = DeadLetter(dead_letter_id=uuid4(), reason=reason, body=body, **columns)
            session.add(letter)
        log.error("dead_letter_stored", reason=reason, digest=facts["digest"])

    def _why(self, message: Any) -> str | None:
        """Return why nobody here can use a message; None: that was the broker's decision."""
        kind = message.content_type
        try:
            understood(message.body, content_type=kind, subscriptions=self.entrypoints)
        except (documents.UnreadableDocumentError, catalogue.UnreadableEventError) as error:
            return error.reason
        except Exception as error:  # noqa: BLE001 - a reader may have failed of anything
            return f"reader_failed:{type(error).__name__}"
        return None


def _facts(message: Any) -> dict[str, Any]:
    """Return what is known of a message without reading it; the newest death is the first."""
    try:
        death = message.headers["x-death"][0]
        died_at, deaths = death["time"].replace(tzinfo=UTC), int(death["count"])
        reason, routing_key = _text(death["reason"]), _text(death["routing-keys"][0])
    except (LookupError, TypeError, ValueError, AttributeError):
        died_at, deaths, reason = clock.system_time(), 0, "unknown"
        routing_key = _text(message.delivery_info.get("routing_key", ""))
    message_id = message.properties.get("message_id")
    return {
        "digest": hashlib.sha256(message.body).hexdigest(),
        "died_at": died_at,
        "deaths": deaths,
        "reason": reason,
        "routing_key": routing_key,
        "content_type": None if message.content_type is None else _text(message.content_type),
        "message_id": None if message_id is None else _text(message_id),
    }


def _text(value: Any) -> str:
    """Return a header as PostgreSQL can store it and a terminal can show it."""
    return "".join(one if one.isprintable() else "?" for one in str(value))[:100]
