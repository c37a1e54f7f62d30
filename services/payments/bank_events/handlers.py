"""Keeping an event before it is answered, and applying it from the table."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from marshmallow import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.bank_events import wire
from services.payments.bank_events.models import BankEvent
from services.payments.bank_events.rules import EventState
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.transfers.handlers import end_transfer
from services.payments.transfers.models import Transfer
from services.payments.transfers.rules import TransferState
from shared.messaging import errands
from shared.trace import Trace

APPLY_BANK_EVENT = "apply_bank_event"
ENDS: Mapping[str, TransferState] = {
    wire.PAID: TransferState.PAID,
    wire.FAILED: TransferState.FAILED,
}

log = structlog.get_logger()


def keep(event_id: str, document: Mapping[str, Any], *, session: Session, trace: Trace) -> bool:
    """Store an event and have it applied. False: we have it already.

    Raises:
        ValidationError: it has no type.
    """
    event = wire.Envelope().load(document)
    kept = session.scalar(
        insert(BankEvent)
        .values(
            event_id=event_id,
            event_type=event["type"],
            body=document,
            received_at=trace.at,
            state=EventState.WAITING,
        )
        .on_conflict_do_nothing()
        .returning(BankEvent.event_id)
    )
    if kept is None:
        return False
    errands.add(session, APPLY_BANK_EVENT, {"event_id": event_id}, trace=trace)
    return True


def event_id_of(errand_id: UUID, arguments: Mapping[str, Any]) -> str:
    """Call nobody: the event is here."""
    return str(arguments["event_id"])


def apply(event_id: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace) -> None:
    """Let an event have its effect."""
    event = session.get_one(BankEvent, event_id, with_for_update=True)
    if event.state is not EventState.WAITING:
        return
    try:
        event.state = _applied(event, session=session, trace=trace)
    except ValidationError as error:
        event.state = EventState.UNREADABLE
        fields = sorted(map(str, error.messages_dict))
        log.exception("bank_event_unreadable", event_id=event_id, fields=fields)
        _have_looked_at(event, ExceptionKind.UNREADABLE_EVENT, session=session, trace=trace)


def not_applied(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Have somebody look at an event that had no effect; it stays in its table."""
    event = session.get_one(BankEvent, arguments["event_id"])
    if event.state is EventState.WAITING:
        _have_looked_at(event, ExceptionKind.EVENT_NOT_APPLIED, session=session, trace=trace)


def _have_looked_at(
    event: BankEvent, kind: ExceptionKind, *, session: Session, trace: Trace
) -> None:
    command = RaiseException(kind=kind, about=f"bank_event/{event.event_id}")
    exceptions.raise_exception(command, session=session, trace=trace)


def _applied(event: BankEvent, *, session: Session, trace: Trace) -> EventState:
    end = ENDS.get(event.event_type)
    if end is None:
        return EventState.IGNORED
    order = wire.Settled().load(event.body)["data"]
    if session.get(Transfer, order["reference"]) is None:
        log.error("bank_event_unmatched", event_id=event.event_id)
        _have_looked_at(event, ExceptionKind.UNKNOWN_TRANSFER, session=session, trace=trace)
        return EventState.UNMATCHED
    end_transfer(
        order["reference"],
        end,
        failure_reason=order["failure_reason"],
        session=session,
        trace=trace,
    )
    return EventState.APPLIED
