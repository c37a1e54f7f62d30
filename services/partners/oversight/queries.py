"""What is asked about messages of either direction, and what of them waits for somebody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.partners.inbound.models import ReceivedMessage
from services.partners.inbound.queries import unreadable
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from shared.messaging import tasks


def totals(_asked: Mapping[str, Any], *, session: Session) -> Mapping[str, Any]:
    """Count messages: what came, by the system that sent it, and what goes; each by its state."""
    who = (ReceivedMessage.partner, ReceivedMessage.system, ReceivedMessage.state)
    came = select(*who, func.count()).group_by(*who).order_by(*who)
    goes = select(OutgoingMessage.partner, OutgoingMessage.state, func.count()).group_by(
        OutgoingMessage.partner, OutgoingMessage.state
    )
    return {
        "received": [
            {"partner": partner, "system": system, "state": state.value, "count": count}
            for partner, system, state, count in session.execute(came)
        ],
        "outgoing": [
            {"partner": partner, "state": state.value, "count": count}
            for partner, state, count in session.execute(goes.order_by(OutgoingMessage.partner))
        ],
    }


def open_tasks(asked: Mapping[str, Any], *, session: Session) -> list[dict[str, Any]]:
    """Return what waits for somebody: what could not be read, what was not fetched, errands."""
    found = tasks.open_tasks(asked, session=session)
    if asked["role"] not in {None, tasks.ON_DUTY}:
        return found
    unread = [
        _task(
            one["unreadable_id"],
            kind="partner_message_unreadable",
            words=f"{one['partner']}/{one['system']}: {one['reason']}",
            at=one["received_at"],
        )
        for one in unreadable(session=session)
    ]
    lost = select(OutgoingMessage).where(OutgoingMessage.state == OutgoingState.UNDELIVERED)
    undelivered = [
        _task(
            one.message_id,
            kind="partner_message_undelivered",
            words=f"{one.partner}/{one.system}: {one.message_type}",
            at=one.sent_at or one.created_at,
        )
        for one in session.scalars(lost.order_by(OutgoingMessage.position).limit(tasks.MOST))
    ]
    return [*found, *unread, *undelivered]


def _task(id_: UUID, *, kind: str, words: str, at: datetime) -> dict[str, Any]:
    return {
        "task_id": id_,
        "kind": kind,
        "about": f"message/{id_}",
        "words": words,
        "role": tasks.ON_DUTY,
        "opened_at": at,
        "due_at": at + tasks.ERRAND_DUE_WITHIN,
    }
