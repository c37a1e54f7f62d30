"""Deliveries of which nothing was heard for too long."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.messages.models import Delivery
from services.notifications.messages.rules import DeliveryState
from services.notifications.outcomes import rules
from services.notifications.outcomes.commands import FindOut
from services.notifications.people.rules import Channel

MOST_AT_ONCE = 500


def silent(at: datetime, *, session: Session) -> list[FindOut]:
    """Return deliveries that a provider has and of which nobody has told, the oldest first.

    Letters that count as delivered since they were taken come after the others.
    """
    found = [*_untold(at, session=session), *_letters(at, session=session)]
    return [FindOut(delivery_id=one) for one in found]


def _untold(at: datetime, *, session: Session) -> Sequence[UUID]:
    before = case(
        (Delivery.asked_at.is_(None), at - rules.SILENT_AFTER),
        (Delivery.accepted_at > at - rules.HOURLY_AFTER, at - rules.SILENT_AFTER),
        else_=at - rules.ASKED_AGAIN_AFTER,
    )
    return session.scalars(
        select(Delivery.delivery_id)
        .where(Delivery.state == DeliveryState.ACCEPTED)
        .where(
            or_(
                func.coalesce(Delivery.asked_at, Delivery.accepted_at) <= before,
                Delivery.accepted_at <= at - rules.LOST_AFTER,
            )
        )
        .order_by(Delivery.accepted_at)
        .limit(MOST_AT_ONCE)
    ).all()


def _letters(at: datetime, *, session: Session) -> Sequence[UUID]:
    return session.scalars(
        select(Delivery.delivery_id)
        .where(Delivery.channel == Channel.LETTER)
        .where(Delivery.state == DeliveryState.DELIVERED)
        .where(Delivery.settled_at.is_(None))
        .where(
            or_(
                Delivery.asked_at <= at - rules.LETTER_ASKED_AGAIN_AFTER,
                Delivery.asked_at.is_(None)
                & (Delivery.accepted_at <= at - rules.LETTER_FIRST_ASKED_AFTER),
                Delivery.accepted_at <= at - rules.LETTER_LET_BE_AFTER,
            )
        )
        .order_by(Delivery.accepted_at)
        .limit(MOST_AT_ONCE)
    ).all()
