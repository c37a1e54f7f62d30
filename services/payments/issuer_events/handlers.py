"""Keeping an event before it is answered, and applying it from the table."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import structlog
from marshmallow import ValidationError
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.authorisations import handlers as authorisations
from services.payments.authorisations.commands import RecordSnapshot
from services.payments.authorisations.rules import UnknownCardError
from services.payments.disputes import handlers as disputes
from services.payments.disputes.commands import RecordDispute
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.issuer_events import lithic_wire, wire
from services.payments.issuer_events.models import IssuerEvent
from services.payments.issuer_events.rules import EventState, IssuerName, scrubbed
from services.payments.observed_cards import handlers as observed_cards
from services.payments.observed_cards.queries import is_observed_transaction
from services.payments.presentments.commands import RecordPresentment
from shared.messaging import errands
from shared.trace import Trace

APPLY_ISSUER_EVENT = "apply_issuer_event"
USED = {IssuerName.STRIPE: wire.USED_TYPES, IssuerName.LITHIC: lithic_wire.USED_TYPES}
READ = {IssuerName.STRIPE: wire.read, IssuerName.LITHIC: lithic_wire.read}

log = structlog.get_logger()


def keep(document: Mapping[str, Any], *, session: Session, trace: Trace) -> bool:
    """Store one of Stripe's events and have it applied. False: we have it already.

    Raises:
        ValidationError: it has no id or no type.
    """
    event = wire.Envelope().load(document)
    return keep_as(
        event["id"],
        event["type"],
        document,
        issuer=IssuerName.STRIPE,
        session=session,
        trace=trace,
    )


def keep_as(
    event_id: str,
    event_type: str,
    document: Mapping[str, Any],
    *,
    issuer: IssuerName,
    session: Session,
    trace: Trace,
) -> bool:
    """Store an event, without card numbers, and have it applied. False: we have it already."""
    is_used = event_type in USED[issuer]
    kept = session.scalar(
        insert(IssuerEvent)
        .values(
            event_id=event_id,
            event_type=event_type,
            issuer=issuer,
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
        errands.add(session, APPLY_ISSUER_EVENT, {"event_id": event_id}, trace=trace)
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
    """Set an event apart that concerns no card of ours; money that moved is never dropped."""
    event = session.get_one(IssuerEvent, arguments["event_id"], with_for_update=True)
    if event.state is EventState.WAITING:
        event.state = EventState.UNMATCHED
        authorisations.record_nobodys(_money_in(event), session=session, trace=trace)
        log.error("issuer_event_unmatched", event_id=event.event_id, event_type=event.event_type)
        _have_looked_at(event, ExceptionKind.UNKNOWN_CARD, session=session, trace=trace)


def _have_looked_at(
    event: IssuerEvent, kind: ExceptionKind, *, session: Session, trace: Trace
) -> None:
    command = RaiseException(kind=kind, about=f"issuer_event/{event.event_id}")
    exceptions.raise_exception(command, session=session, trace=trace)


def _applied(event: IssuerEvent, *, session: Session, trace: Trace) -> EventState:
    said = READ[event.issuer](event.event_type, event.body)
    for one in said:
        if not isinstance(one, RecordDispute):
            _record(one, session=session, trace=trace)
        elif not is_observed_transaction(one.presentment_id, session=session):
            disputes.record_dispute(one, session=session, trace=trace)
    return EventState.APPLIED if said else EventState.IGNORED


def _record(one: RecordSnapshot | RecordPresentment, *, session: Session, trace: Trace) -> None:
    """Let a purchase follow what was said of its card; on a card of others, only look on."""
    try:
        if isinstance(one, RecordSnapshot):
            authorisations.record_snapshot(one, session=session, trace=trace)
        else:
            authorisations.record_presentment(one, session=session, trace=trace)
    except UnknownCardError:
        moved = _money_of([one])
        if not observed_cards.keep_observed(
            one.issuer_card_id, moved, session=session, trace=trace
        ):
            raise


def _money_in(event: IssuerEvent) -> list[RecordPresentment]:
    """Return what moved according to an event that nobody could apply."""
    return _money_of(READ[event.issuer](event.event_type, event.body))


def _money_of(said: Iterable[object]) -> list[RecordPresentment]:
    moved: list[RecordPresentment] = []
    for one in said:
        if isinstance(one, RecordSnapshot):
            moved += one.presentments
        elif isinstance(one, RecordPresentment):
            moved.append(one)
    return moved
