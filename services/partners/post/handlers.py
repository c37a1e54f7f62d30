"""What is done with what came by MESH, before it is acknowledged there."""

import hashlib
from collections.abc import Collection, Mapping
from uuid import uuid4

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.partners.agreements.rules import Agreement
from services.partners.catalogue.rules import Incoming
from services.partners.inbound import handlers as inbound
from services.partners.inbound.models import UnreadableMessage
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from services.partners.post.models import MeshMessage
from services.partners.post.rules import NOBODY, REPORT, Letter, UnknownSenderError, sender_of
from shared.trace import Trace

log = structlog.get_logger()


def take_in(
    letter: Letter,
    *,
    agreements: Collection[Agreement],
    types: Mapping[str, Incoming],
    session: Session,
    trace: Trace,
) -> None:
    """Take a letter in once, however often MESH hands it over.

    A report flips the message of ours that it is about: it was not delivered, and somebody has
    to look. What comes from nobody we know is kept for somebody to look at.
    """
    came_of_it = "report" if letter.kind == REPORT else "received"
    row = {"mesh_id": letter.mesh_id, "came_of_it": came_of_it, "received_at": trace.at}
    claim = insert(MeshMessage).on_conflict_do_nothing().returning(MeshMessage.mesh_id)
    if session.execute(claim, row).first() is None:
        return
    if letter.kind == REPORT:
        _undelivered(letter, session=session)
        return
    try:
        agreement, system = sender_of(letter, agreements)
    except UnknownSenderError as error:
        _keep(letter, error.reason, session=session, trace=trace)
        return
    inbound.receive(
        letter.body,
        agreement=agreement,
        system=system,
        types=types,
        session=session,
        trace=trace,
    )


def _undelivered(letter: Letter, *, session: Session) -> None:
    ours = select(OutgoingMessage).where(OutgoingMessage.outside_id == letter.linked_id)
    row = session.scalars(ours.with_for_update()).first()
    if row is None:
        log.warning("mesh_report_of_nothing", status=letter.status)
        return
    row.state, row.last_error = OutgoingState.UNDELIVERED, letter.status


def _keep(letter: Letter, reason: str, *, session: Session, trace: Trace) -> None:
    log.warning("mesh_message_of_nobody", reason=reason)
    session.add(
        UnreadableMessage(
            unreadable_id=uuid4(),
            partner=NOBODY,
            system=letter.sender[:60],
            reason=reason,
            digest=hashlib.sha256(letter.body).hexdigest(),
            body=letter.body[: inbound.UNREADABLE_BYTES_KEPT],
            received_at=trace.at,
        )
    )
