"""What is asked about messages of partners."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.partners.inbound.models import ReceivedMessage, ReceivedState, UnreadableMessage

MOST = 200


def waiting(partner: str, message_id: UUID, *, session: Session) -> ReceivedMessage | None:
    """Return a message that is still to be passed on, or None: it was answered."""
    row = session.get(ReceivedMessage, (partner, message_id))
    return row if row is not None and row.state is ReceivedState.WAITING else None


def is_full(partner: str, *, most: int, session: Session) -> bool:
    """Tell whether as many messages of a partner wait as may: no more are taken from its queue."""
    waiting_now = (
        select(ReceivedMessage.message_id)
        .where(ReceivedMessage.partner == partner, ReceivedMessage.state == ReceivedState.WAITING)
        .limit(most)
    )
    return len(session.scalars(waiting_now).all()) >= most


def unreadable(*, session: Session) -> list[Mapping[str, Any]]:
    """Return what nobody could be answered about, the oldest first."""
    found = (
        select(UnreadableMessage)
        .where(UnreadableMessage.seen_to_at.is_(None))
        .order_by(UnreadableMessage.received_at)
        .limit(MOST)
    )
    return [
        {
            "unreadable_id": one.unreadable_id,
            "partner": one.partner,
            "system": one.system,
            "reason": one.reason,
            "digest": one.digest,
            "received_at": one.received_at,
        }
        for one in session.scalars(found)
    ]
