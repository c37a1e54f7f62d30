"""Events are saved with the change they tell of, and the relay sends what was committed."""

from sqlalchemy.orm import Session

from shared.contracts import catalogue
from shared.contracts.event import Event
from shared.messaging import wake
from shared.messaging.tables import OutboxMessage
from shared.trace import Trace


def add(session: Session, event: Event, *, trace: Trace) -> None:
    """Save ``event`` for sending. It is sent if, and only if, ``session`` commits."""
    session.add(
        OutboxMessage(
            message_id=event.event_id,
            event_type=event.event_type,
            subject=event.subject,
            body=catalogue.dump(event, trace=trace),
            correlation_id=trace.correlation_id,
            causation_id=trace.causation_id,
        )
    )
    wake.note(session, "relay")
