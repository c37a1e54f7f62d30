"""Messages whose content is not needed any more."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from services.notifications.messages.models import Message
from services.notifications.messages.rules import MessageState
from services.notifications.retention.commands import EmptyMessage
from services.notifications.settings import content_days

MOST_AT_ONCE = 1_000
ENDED = (MessageState.DELIVERED, MessageState.SUPPRESSED, MessageState.CANCELLED)


def to_empty(at: datetime, *, session: Session) -> list[EmptyMessage]:
    """Return messages that ended so many days ago, the oldest first.

    What somebody has yet to tell in another way keeps its words until they have.
    """
    found = session.scalars(
        select(Message.message_id)
        .where(Message.emptied_at.is_(None))
        .where(Message.ended_at <= at - timedelta(days=content_days()))
        .where(
            or_(
                Message.state.in_(ENDED),
                and_(Message.state == MessageState.FAILED, Message.seen_to_at.is_not(None)),
            )
        )
        .order_by(Message.ended_at)
        .limit(MOST_AT_ONCE)
    )
    return [EmptyMessage(message_id=one) for one in found]
