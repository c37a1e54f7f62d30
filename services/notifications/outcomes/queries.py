"""Deliveries of which nothing was heard for too long."""

from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from services.notifications.messages.models import Delivery
from services.notifications.messages.rules import DeliveryState
from services.notifications.outcomes import rules
from services.notifications.outcomes.commands import FindOut

MOST_AT_ONCE = 500


def silent(at: datetime, *, session: Session) -> list[FindOut]:
    """Return deliveries that a provider has and of which nobody has told, the oldest first."""
    before = case(
        (Delivery.asked_at.is_(None), at - rules.SILENT_AFTER),
        (Delivery.accepted_at > at - rules.HOURLY_AFTER, at - rules.SILENT_AFTER),
        else_=at - rules.ASKED_AGAIN_AFTER,
    )
    found = session.scalars(
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
    )
    return [FindOut(delivery_id=one) for one in found]
