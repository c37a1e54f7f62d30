"""What people were told, and what became of it."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.notifications.messages.models import Message
from services.notifications.messages.rules import MessageState
from services.notifications.messages.schemas import MessagesAsked
from services.notifications.people.models import every_id
from services.notifications.people.rules import Channel


def messages(asked: MessagesAsked, *, session: Session) -> list[dict[str, Any]]:
    """Return a person's messages, under any id of theirs, as they were worded, oldest first."""
    found = session.scalars(
        select(Message)
        .where(Message.person_id.in_(every_id(asked.person_id, session=session)))
        .order_by(Message.created_at, Message.message_id)
    )
    return [
        {
            "message_id": message.message_id,
            "topic": message.topic,
            "channel": message.channel,
            "state": message.state,
            "reason": message.reason,
            "correlation_id": message.correlation_id,
            "subject": message.subject,
            "body": message.body,
            "created_at": message.created_at,
            "delivered_at": message.delivered_at,
        }
        for message in found
    ]


def totals(_asked: Any, *, session: Session) -> dict[str, int]:
    """Return how many messages arrived by each channel, how many are open and how many failed.

    Texts and e-mails arrived when the provider's receipt says so, letters when it took them.
    """
    counts = {
        (state, channel): count
        for state, channel, count in session.execute(
            select(Message.state, Message.channel, func.count()).group_by(
                Message.state, Message.channel
            )
        )
    }

    def in_state(*states: MessageState) -> int:
        return sum(count for (state, _), count in counts.items() if state in states)

    arrived = {
        channel.value: counts.get((MessageState.DELIVERED, channel), 0) for channel in Channel
    }
    return {
        **arrived,
        "open": in_state(MessageState.WAITING, MessageState.ACCEPTED),
        "failed": in_state(MessageState.FAILED),
    }
