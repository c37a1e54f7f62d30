"""Events are saved with the change they tell of, and the relay sends what was committed."""

from sqlalchemy import insert
from sqlalchemy.orm import Session

from shared.contracts import catalogue, manifest
from shared.contracts.event import Event
from shared.messaging import effects, wake
from shared.messaging.tables import OutboxState, outbox_table
from shared.observability import spans
from shared.trace import Trace

_INSERT = insert(outbox_table)  # a plain statement: the unit of work would cost more than the row


def add(session: Session, event: Event, *, trace: Trace) -> None:
    """Save ``event`` for sending. It is sent if, and only if, ``session`` commits."""
    place = manifest.events_exchange(event.event_type.split(".", maxsplit=1)[0])
    name = f"publish {event.event_type}"
    with spans.span("PRODUCER", name, place=place, message_id=event.event_id, trace=trace) as own:
        traceparent = "" if own is trace else own.traceparent  # its own, never its cause's
    body = catalogue.dump(event, trace=trace, traceparent=traceparent)
    session.execute(
        _INSERT,
        {
            "message_id": event.event_id,
            "event_type": event.event_type,
            "subject": event.subject,
            "body": body,
            "correlation_id": trace.correlation_id,
            "causation_id": trace.causation_id,
            "state": OutboxState.PENDING,
            "attempts": 0,
        },
    )
    effects.note(session, event=event.event_type, subject=event.subject, data=body["data"])
    wake.note(session, "relay")
