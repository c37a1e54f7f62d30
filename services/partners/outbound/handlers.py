"""How partners come to hear of events, each once, as far as their agreements go."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from access import relations
from services.partners.agreements.rules import Agreement
from services.partners.catalogue.rules import Outgoing
from services.partners.envelopes.rules import envelope
from services.partners.outbound.models import (
    BudgetFunder,
    HeardEvent,
    KnownBudget,
    OutgoingMessage,
    OutgoingState,
    Telling,
)
from services.partners.outbound.rules import Standing, data_ref, may_hear, told
from shared.trace import Trace

COPIES = UUID("5f0f6a0e-1f0f-4f2e-8f53-8d2c7e4a9b61")


def tell(
    heard: HeardEvent,
    *,
    agreements: Iterable[Agreement],
    outgoing: Outgoing,
    gateway_url: str,
    session: Session,
    trace: Trace,
) -> None:
    """Tell every partner of an event that may hear of it now and was not told yet."""
    listening = [one for one in agreements if one.received(heard.event_type) is not None]
    if not listening:
        return
    standing = _standing(heard, session=session, trace=trace)
    for agreement in listening:
        if may_hear(agreement, outgoing, standing) and _is_first(heard, agreement, session=session):
            message = _message(
                heard, agreement, outgoing, standing, gateway_url=gateway_url, trace=trace
            )
            message.put_on_its_way(session)


def again(
    heard: HeardEvent,
    agreement: Agreement,
    outgoing: Outgoing,
    *,
    gateway_url: str,
    session: Session,
    trace: Trace,
) -> bool:
    """Tell a partner of an event once more, if it may hear of it now; returns whether it may."""
    standing = _standing(heard, session=session, trace=trace)
    if agreement.received(heard.event_type) is None or not may_hear(agreement, outgoing, standing):
        return False
    _is_first(heard, agreement, session=session)
    message = _message(heard, agreement, outgoing, standing, gateway_url=gateway_url, trace=trace)
    message.put_on_its_way(session)
    return True


def _standing(heard: HeardEvent, *, session: Session, trace: Trace) -> Standing:
    person_id = heard.person_id
    if person_id is None and heard.budget_id is not None:
        person_id = session.scalar(
            select(KnownBudget.person_id).where(KnownBudget.budget_id == heard.budget_id)
        )
    organisations: frozenset[str] = frozenset()
    if person_id is not None:
        people = relations.ids_of(person_id, session=session)
        organisations = relations.holders_of(
            relations.ORGANISATION, people, trace.at, session=session
        )
    paying = select(BudgetFunder.funder_id).where(BudgetFunder.budget_id == heard.budget_id)
    return Standing(
        organisations=organisations,
        funder_id=str(heard.funder_id or ""),
        paying=frozenset(map(str, session.scalars(paying))),
    )


def _is_first(heard: HeardEvent, agreement: Agreement, *, session: Session) -> bool:
    telling = insert(Telling).on_conflict_do_nothing().returning(Telling.event_id)
    told_before = {"partner": agreement.code, "event_id": heard.event_id}
    return session.execute(telling, told_before).first() is not None


def _message(
    heard: HeardEvent,
    agreement: Agreement,
    outgoing: Outgoing,
    standing: Standing,
    *,
    gateway_url: str,
    trace: Trace,
) -> OutgoingMessage:
    """Return an event as one partner is told of it; a copy of it has the same id."""
    agreed = agreement.received(heard.event_type)
    assert agreed is not None  # noqa: S101  # nosec B101  # who was not to hear is not told
    details: Mapping[str, Any] = json.loads(heard.details)
    message_id = uuid5(COPIES, f"{agreement.code}/{heard.event_id}")
    written = envelope(
        told(agreed, details),
        message_id=message_id,
        message_type=heard.event_type,
        subject=heard.subject,
        at=heard.occurred_at,
        correlation_id=heard.correlation_id,
        causation_id=heard.event_id,
        is_personal=heard.is_personal and bool(agreed.fields),
    )
    reference = data_ref(agreement, outgoing, standing, details, gateway_url=gateway_url)
    if reference:
        written["dataref"] = reference
    if heard.sequence is not None:
        written["sequence"] = f"{heard.sequence:020}"
    return OutgoingMessage(
        message_id=message_id,
        partner=agreement.code,
        system=agreement.hearing.name,
        message_type=heard.event_type,
        subject=heard.subject,
        body=json.dumps(written).encode(),
        person_id=heard.person_id,
        correlation_id=heard.correlation_id,
        created_at=trace.at,
    )


def not_fetched(
    message_id: UUID, reason: str, *, agreement: Agreement, session: Session
) -> OutgoingMessage | None:
    """Note that a partner did not fetch a message, which makes it somebody's task.

    Of copies under one id the last one counts. Returns None where none was sent to this partner.
    """
    sent = (
        select(OutgoingMessage)
        .where(
            OutgoingMessage.message_id == message_id,
            OutgoingMessage.partner == agreement.code,
            OutgoingMessage.state == OutgoingState.SENT,
        )
        .order_by(OutgoingMessage.position.desc())
        .limit(1)
    )
    row = session.scalars(sent.with_for_update()).first()
    if row is not None:
        row.state, row.last_error = OutgoingState.UNDELIVERED, reason
    return row


def send_again(partner: str, *, message_id: UUID | None, session: Session) -> int:
    """Send once more what a partner did not fetch, one message or all; returns how many.

    They go in the order in which they went, before what is sent from now on.
    """
    lost = select(OutgoingMessage).where(
        OutgoingMessage.partner == partner, OutgoingMessage.state == OutgoingState.UNDELIVERED
    )
    if message_id is not None:
        lost = lost.where(OutgoingMessage.message_id == message_id)
    rows = session.scalars(lost.with_for_update()).all()
    for row in rows:
        row.state, row.last_error, row.sent_at = OutgoingState.PENDING, None, None
        row.put_on_its_way(session)
    return len(rows)
