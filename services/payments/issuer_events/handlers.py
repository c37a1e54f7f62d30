"""Keeping an event before it is answered, and applying it from the table."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from marshmallow import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.authorisations import handlers as authorisations
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.issuer_events import wire
from services.payments.issuer_events.models import IssuerEvent
from services.payments.issuer_events.rules import EventState, scrubbed
from shared.messaging import errands
from shared.trace import Trace

APPLY_ISSUER_EVENT = "apply_issuer_event"

log = structlog.get_logger()


def keep(document: Mapping[str, Any], *, session: Session, trace: Trace) -> bool:
    """Store an event, without card numbers, and have it applied. False: we have it already.

    Raises:
        ValidationError: it has no id or no type.
    """
    event = wire.Envelope().load(document)
    is_used = event["type"] in wire.USED_TYPES
    kept = session.scalar(
        insert(IssuerEvent)
        .values(
            event_id=event["id"],
            event_type=event["type"],
            body=scrubbed(document),
            received_at=trace.at,
            state=EventState.WAITING if is_used else EventState.IGNORED,
        )
        .on_conflict_do_nothing()
        .returning(IssuerEvent.event_id)
    )
    if kept is None:
        return False
    if is_used:
        errands.add(session, APPLY_ISSUER_EVENT, {"event_id": event["id"]}, trace=trace)
    return True


def event_id_of(errand_id: UUID, arguments: Mapping[str, Any]) -> str:
    """Call nobody: the event is here."""
    return str(arguments["event_id"])


def apply(event_id: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace) -> None:
    """Let an event have its effect; whatever its place in the order, all end in the same.

    Raises:
        UnknownCardError: we have no such card, or not yet: the errand is tried again later.
    """
    event = session.get_one(IssuerEvent, event_id, with_for_update=True)
    if event.state is not EventState.WAITING:
        return
    try:
        event.state = _applied(event, session=session, trace=trace)
    except ValidationError as error:
        event.state = EventState.UNREADABLE
        fields = sorted(map(str, error.messages_dict))
        log.exception("issuer_event_unreadable", event_id=event_id, fields=fields)
        _have_looked_at(event, ExceptionKind.UNREADABLE_EVENT, session=session, trace=trace)


def not_applied(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Set an event apart that concerns no card of ours: somebody has to look."""
    event = session.get_one(IssuerEvent, arguments["event_id"], with_for_update=True)
    if event.state is EventState.WAITING:
        event.state = EventState.UNMATCHED
        log.error("issuer_event_unmatched", event_id=event.event_id, event_type=event.event_type)
        _have_looked_at(event, ExceptionKind.UNKNOWN_CARD, session=session, trace=trace)


def _have_looked_at(
    event: IssuerEvent, kind: ExceptionKind, *, session: Session, trace: Trace
) -> None:
    command = RaiseException(kind=kind, about=f"issuer_event/{event.event_id}")
    exceptions.raise_exception(command, session=session, trace=trace)


def _applied(event: IssuerEvent, *, session: Session, trace: Trace) -> EventState:
    about = event.body.get("data")
    told: Any = about.get("object") if isinstance(about, dict) else None
    if event.event_type in wire.AUTHORIZATION_TYPES:
        seen = wire.Authorization().load(told)
        authorisations.record_snapshot(seen, session=session, trace=trace)
    else:
        presentment = wire.Transaction().load(told)
        authorisations.record_presentment(presentment, session=session, trace=trace)
    return EventState.APPLIED
