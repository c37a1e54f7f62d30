"""What people were told, what became of it, and what is due now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.messages.commands import GoOn
from services.notifications.messages.models import Delivery, Message
from services.notifications.messages.rules import DeliveryState, MessageState
from services.notifications.messages.schemas import MessagesAsked
from services.notifications.people.models import every_id
from services.notifications.people.rules import Audience, Channel
from services.notifications.reaching.rules import Reason
from services.notifications.safeguarding.models import SafeguardingHold

MOST_AT_ONCE = 500


def messages(asked: MessagesAsked, *, session: Session) -> list[dict[str, Any]]:
    """Return a person's messages, under any id of theirs, oldest first; or what others got.

    Each is shown as the delivery that arrived says it, or else the last one; one that was held
    from the start has no words and no channel yet. That something is held for somebody's safety
    is not told here, where the person looks, or whoever looks over their shoulder.
    """
    found = session.scalars(
        select(Message)
        .where(Message.person_id.in_(every_id(asked.person_id, session=session)))
        .where(Message.audience == asked.audience)
        .order_by(Message.created_at, Message.message_id)
    ).all()
    said = _as_said([message.message_id for message in found], session=session)
    return [
        {
            "message_id": message.message_id,
            "topic": message.topic,
            **_shown_state(message),
            "correlation_id": message.correlation_id,
            "created_at": message.created_at,
            "delivered_at": message.delivered_at,
            **_words(said.get(message.message_id)),
        }
        for message in found
    ]


def totals(_asked: Any, *, session: Session) -> dict[str, Any]:
    """Return how many deliveries arrived by each channel, and how many messages stand how.

    Texts and e-mails arrived when the provider's receipt says so, letters when it took them.
    What people were told themselves is counted, and apart from it, under ``others``, what
    representatives and colleagues were.
    """
    is_theirs = Message.audience == Audience.HOLDER
    return {
        **_totals_of(is_theirs, session=session),
        "others": _totals_of(~is_theirs, session=session),
    }


def due(at: datetime, *, session: Session) -> list[GoOn]:
    """Return the messages that were held and may go on now, those that wait longest first.

    One that waits for a safeguarding hold is looked at unless a hold on everything is in force:
    beside one on a channel there may be another way by now. Whether there is is asked then.
    """
    in_force = exists().where(
        SafeguardingHold.person_id == Message.person_id,
        SafeguardingHold.released_at.is_(None),
        SafeguardingHold.channel.is_(None),
    )
    waiting = (
        select(Message.message_id)
        .where(Message.state == MessageState.HELD)
        .where(
            or_(
                and_(Message.not_before <= at, Message.reason != Reason.NOT_KNOWN_YET),
                and_(Message.reason == Reason.SAFEGUARDING, ~in_force),
            )
        )
        .order_by(Message.not_before, Message.created_at, Message.message_id)
        .limit(MOST_AT_ONCE)
    )
    return [GoOn(message_id=one) for one in session.scalars(waiting)]


def _totals_of(chosen: ColumnElement[bool], *, session: Session) -> dict[str, int]:
    arrived = _counted(
        select(Delivery.channel, func.count())
        .join(Message, Message.message_id == Delivery.message_id)
        .where(chosen, Delivery.state == DeliveryState.DELIVERED)
        .group_by(Delivery.channel),
        session=session,
    )
    states = select(Message.state, func.count()).where(chosen).group_by(Message.state)
    counts = _counted(states, session=session)
    under_way = (MessageState.WAITING, MessageState.ACCEPTED)
    apart = (MessageState.HELD, MessageState.SUPPRESSED, MessageState.CANCELLED)
    return {
        **{channel.value: arrived.get(channel, 0) for channel in Channel},
        "open": sum(counts.get(state, 0) for state in under_way),
        **{state.value: counts.get(state, 0) for state in (*apart, MessageState.FAILED)},
    }


def _counted(counting: Any, *, session: Session) -> Mapping[Any, int]:
    rows = session.execute(counting).all()
    return {row[0]: row[1] for row in rows}


def _as_said(message_ids: Sequence[UUID], *, session: Session) -> Mapping[UUID, Delivery]:
    """Return for each message the delivery that arrived, or else the last one."""
    deliveries = session.scalars(
        select(Delivery)
        .where(Delivery.message_id.in_(message_ids))
        .order_by(Delivery.state == DeliveryState.DELIVERED, Delivery.ordinal)
    )
    return {delivery.message_id: delivery for delivery in deliveries}


def _shown_state(message: Message) -> Mapping[str, Any]:
    if message.reason in {Reason.SAFEGUARDING, Reason.UNSAFE_HOURS}:
        return {"state": MessageState.WAITING, "reason": None}
    return {"state": message.state, "reason": message.reason}


def _words(delivery: Delivery | None) -> Mapping[str, Any]:
    if delivery is None:
        return {"channel": None, "subject": None, "body": None}
    return {
        "channel": delivery.channel,
        "subject": delivery.subject,
        "body": delivery.body,
    }
