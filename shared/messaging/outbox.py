"""Events are saved with the change they tell of, and the relay sends what was committed."""

from sqlalchemy import insert
from sqlalchemy.orm import Session

from shared.contracts import catalogue
from shared.contracts.event import Event
from shared.messaging import wake
from shared.messaging.tables import OutboxState, outbox_table
from shared.trace import Trace

_INSERT = insert(outbox_table)  # a plain statement: the unit of work would cost more than the row


def add(session: Session, event: Event, *, trace: Trace) -> None:
    """Save ``event`` for sending. It is sent if, and only if, ``session`` commits."""
    session.execute(
        _INSERT,
        {
            "message_id": event.event_id,
            "event_type": event.event_type,
            "subject": event.subject,
            "body": catalogue.dump(event, trace=trace),
            "correlation_id": trace.correlation_id,
            "causation_id": trace.causation_id,
            "state": OutboxState.PENDING,
            "attempts": 0,
        },
    )
    wake.note(session, "relay")
