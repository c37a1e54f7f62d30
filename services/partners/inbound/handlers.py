"""What is done with what partners' systems send, up to the one reply to each message."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.partners.agreements.rules import Agreement, System
from services.partners.catalogue.rules import Incoming
from services.partners.envelopes import rules as envelopes
from services.partners.envelopes.rules import Envelope, UnreadableError, opened
from services.partners.inbound import rules
from services.partners.inbound.checks import checked
from services.partners.inbound.models import ReceivedMessage, ReceivedState, UnreadableMessage
from services.partners.inbound.rules import Rejection
from services.partners.outbound.models import OutgoingMessage
from shared.contracts.partners import MessageRejected
from shared.messaging import errands, outbox
from shared.trace import Trace

PASS_ON = "pass_on"  # noqa: S105 - a kind of errand
UNREADABLE_BYTES_KEPT = 64 * 1024
NOT_TAKEN_IN = "not_taken_in"  # a fault of ours

log = structlog.get_logger()


def receive(
    body: bytes,
    *,
    agreement: Agreement,
    system: System,
    types: Mapping[str, Incoming],
    session: Session,
    trace: Trace,
) -> None:
    """Take a message in: it is passed on, or rejected, or nobody can be answered.

    A copy is answered by the reply that the first one got, or will get. The same id with another
    content is a mistake of the sender's, and is told so.
    """
    try:
        envelope = opened(body, most_bytes=agreement.limits.message_bytes)
    except UnreadableError as error:
        set_apart(
            body, error.reason, agreement=agreement, system=system, session=session, trace=trace
        )
        return
    story = _story(envelope, trace)
    if not _is_first(
        envelope, body, agreement=agreement, system=system, session=session, trace=story
    ):
        _come_again(envelope, _digest(body), agreement, session=session, trace=story)
        return
    outcome = checked(envelope, agreement=agreement, system=system, types=types)
    if isinstance(outcome, Rejection):
        row = session.get_one(ReceivedMessage, (agreement.code, envelope.message_id))
        answer(row, outcome, session=session, trace=story)
        return
    arguments = {"partner": agreement.code, "message_id": str(envelope.message_id)}
    errands.add(session, PASS_ON, arguments, trace=story)


def answer(
    row: ReceivedMessage,
    outcome: Mapping[str, Any] | Rejection,
    *,
    session: Session,
    trace: Trace,
) -> None:
    """Give a message its one reply, unless it has it.

    Args:
        row: the message, locked.
        outcome: the ids that came of it, or why nothing did.
        session: in which the reply is kept with what it tells of.
        trace: of the message's story.
    """
    if row.state is not ReceivedState.WAITING:
        return
    is_rejected = isinstance(outcome, Rejection)
    row.state = ReceivedState.REJECTED if is_rejected else ReceivedState.ACCEPTED
    row.code = outcome.code if isinstance(outcome, Rejection) else None
    row.answered_at, row.body = trace.at, None
    row.reply = _reply(row, outcome, digest=row.digest, trace=trace)
    _outgoing(
        row, row.reply, rules.reply_type(outcome), digest=row.digest, trace=trace
    ).put_on_its_way(session)
    if isinstance(outcome, Rejection):
        rejected = MessageRejected(
            occurred_at=trace.at,
            rejection_id=rules.reply_id(row.partner, row.message_id, row.digest),
            partner=row.partner,
            message_type=row.message_type,
            code=outcome.code,
        )
        outbox.add(session, rejected, trace=trace)


def _is_first(
    envelope: Envelope,
    body: bytes,
    *,
    agreement: Agreement,
    system: System,
    session: Session,
    trace: Trace,
) -> bool:
    """Keep a message, and tell whether nobody had seen it."""
    claim = insert(ReceivedMessage).on_conflict_do_nothing().returning(ReceivedMessage.message_id)
    row = {
        "partner": agreement.code,
        "message_id": envelope.message_id,
        "digest": _digest(body),
        "system": system.name,
        "message_type": rules.readable_type(envelope.text("type")),
        "correlation_id": trace.correlation_id,
        "received_at": trace.at,
        "body": body,
        "state": ReceivedState.WAITING,
        "copies": 0,
    }
    return session.execute(claim, row).first() is not None


def _come_again(
    envelope: Envelope, digest: str, agreement: Agreement, *, session: Session, trace: Trace
) -> None:
    row = session.get_one(
        ReceivedMessage, (agreement.code, envelope.message_id), with_for_update=True
    )
    row.copies += 1
    if digest != row.digest:
        reply = _reply(row, _ID_REUSED, digest=digest, trace=trace)
        _outgoing(row, reply, rules.REJECTED, digest=digest, trace=trace).put_on_its_way(session)
    elif row.reply is not None:
        reply_type = rules.ACCEPTED if row.code is None else rules.REJECTED
        _outgoing(row, row.reply, reply_type, digest=digest, trace=trace).put_on_its_way(session)


_ID_REUSED = Rejection(
    code="id_reused",
    reason="Another message of yours has this id.",
    next_step="Give each message an id of its own, and a copy the same bytes.",
    field="id",
)


def _reply(
    row: ReceivedMessage, outcome: Mapping[str, Any] | Rejection, *, digest: str, trace: Trace
) -> bytes:
    said = rules.reply_data(outcome, message_id=row.message_id, message_type=row.message_type)
    written = envelopes.envelope(
        said,
        message_id=rules.reply_id(row.partner, row.message_id, digest),
        message_type=rules.reply_type(outcome),
        subject=f"message/{row.message_id}",
        at=trace.at,
        correlation_id=row.correlation_id,
        causation_id=row.message_id,
    )
    return json.dumps(written).encode()


def _outgoing(
    row: ReceivedMessage, reply: bytes, reply_type: str, *, digest: str, trace: Trace
) -> OutgoingMessage:
    return OutgoingMessage(
        message_id=rules.reply_id(row.partner, row.message_id, digest),
        partner=row.partner,
        system=row.system,
        message_type=reply_type,
        subject=f"message/{row.message_id}",
        body=reply,
        correlation_id=row.correlation_id,
        created_at=trace.at,
    )


def set_apart(
    body: bytes,
    reason: str,
    *,
    agreement: Agreement,
    system: System,
    session: Session,
    trace: Trace,
) -> None:
    """Keep what nobody can be answered about, for somebody to look at.

    Whoever sends very many that nobody can read fills no disk: of the others the digest is kept.

    Args:
        body: as it came; of what cannot be read the first part is kept.
        reason: a word: ``NOT_TAKEN_IN``, or why it cannot be read.
        agreement: whose it is.
        system: from whose queue or mailbox it came.
        session: in which it is kept.
        trace: when.
    """
    log.warning("partner_message_unreadable", partner=agreement.code, reason=reason)
    kept = body
    if reason != NOT_TAKEN_IN:
        are_very_many = UnreadableMessage.are_very_many(agreement.code, session=session)
        kept = b"" if are_very_many else body[:UNREADABLE_BYTES_KEPT]
    session.add(
        UnreadableMessage(
            unreadable_id=uuid4(),
            partner=agreement.code,
            system=system.name,
            reason=reason,
            digest=_digest(body),
            body=kept,
            received_at=trace.at,
        )
    )


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _story(envelope: Envelope, trace: Trace) -> Trace:
    """Return a trace within the partner's own story, if it names one."""
    try:
        correlation_id = UUID(envelope.text("correlationid"))
    except ValueError:
        correlation_id = envelope.message_id
    return replace(trace, correlation_id=correlation_id, causation_id=envelope.message_id)
