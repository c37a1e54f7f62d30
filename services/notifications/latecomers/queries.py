"""What waits for a colleague who is not known yet."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.latecomers.commands import LookAgain
from services.notifications.messages.models import Message
from services.notifications.messages.rules import MessageState
from services.notifications.reaching.rules import Reason

MOST_AT_ONCE = 500


def due(at: datetime, *, session: Session) -> list[LookAgain]:
    """Return what is to be looked at again, the longest overdue first.

    Whoever becomes known is told at once. This brings things to their end, and finds whom an
    event and a care team that arrived in the same moment missed.
    """
    found = session.scalars(
        select(Message.message_id)
        .where(Message.state == MessageState.HELD, Message.reason == Reason.NOT_KNOWN_YET)
        .where(Message.not_before <= at)
        .order_by(Message.not_before, Message.message_id)
        .limit(MOST_AT_ONCE)
    )
    return [LookAgain(message_id=one) for one in found]
