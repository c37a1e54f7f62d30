"""What is asked about messages of partners."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.partners import partnership
from services.partners.inbound.models import ReceivedMessage, ReceivedState, UnreadableMessage
from shared.errors import NotFoundError

MOST = 200
MOST_UNDER_WAY = 4  # of one partner; of all together as many as errands has workers, six
MOST_WAITING = 200  # of one partner, of whatever age
UNDER_WAY_FOR = timedelta(seconds=5)  # longer takes only what waits for something


def waiting(partner: str, message_id: UUID, *, session: Session) -> ReceivedMessage | None:
    """Return a message that is still to be passed on, or None: it was answered."""
    row = session.get(ReceivedMessage, (partner, message_id))
    return row if row is not None and row.state is ReceivedState.WAITING else None


def message(asked: Mapping[str, Any], *, session: Session) -> Mapping[str, Any]:
    """Return what became of one message: when and how it came, and the reply to it.

    Raises:
        NotFoundError: none came with this id from this partner.
    """
    row = session.get(ReceivedMessage, (asked["partner"], asked["message_id"]))
    if row is None:
        raise NotFoundError("No such message came from this partner.")
    agreement = partnership.current().register.agreements.get(row.partner)
    systems = () if agreement is None else agreement.systems
    transports = {system.name: system.transport.value for system in systems}
    return {
        "partner": row.partner,
        "system": row.system,
        "transport": transports.get(row.system),  # none: it is no system of theirs any more
        "message_id": row.message_id,
        "message_type": row.message_type,
        "received_at": row.received_at,
        "state": row.state,
        "answered_at": row.answered_at,
        "copies": row.copies,
        "reply": None if row.reply is None else json.loads(row.reply)["data"],
    }


def room(partner: str, *, at: datetime, session: Session, most: int = MOST_UNDER_WAY) -> int:
    """Return how many more messages of a partner may be taken from its queue now.

    Fewer are under way at once than the services are called at once, so that one partner's flood
    leaves hands free for the others. What waits for longer, for something that it speaks of or
    for a service that is away, holds up nothing that comes after it until very much does.
    """
    waiting_now = (
        select(ReceivedMessage.received_at)
        .where(ReceivedMessage.partner == partner, ReceivedMessage.state == ReceivedState.WAITING)
        .limit(MOST_WAITING)
    )
    came_at = session.scalars(waiting_now).all()
    under_way = sum(at - one < UNDER_WAY_FOR for one in came_at)
    return max(0, min(most - under_way, MOST_WAITING - len(came_at)))


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
