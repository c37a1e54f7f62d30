"""The holds on a person's messages, and those that somebody must look at again. For staff alone."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.people.models import every_id
from services.notifications.safeguarding.commands import HoldsAsked
from services.notifications.safeguarding.models import SafeguardingHold
from shared.messaging import tasks

COORDINATOR = "care_coordinator"
WORDS = "Messages to a person are held for their safety. Look again whether they must be."


def safeguarding_holds(asked: HoldsAsked, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every hold on a person's messages, released ones too, the first one first."""
    ids = every_id(asked.person_id, session=session)
    found = session.scalars(
        select(SafeguardingHold)
        .where(SafeguardingHold.person_id.in_(ids))
        .order_by(SafeguardingHold.set_at, SafeguardingHold.hold_id)
    )
    return [
        {
            "hold_id": one.hold_id,
            "channel": one.channel,
            "review_by": one.review_by,
            "set_by": one.set_by,
            "set_at": one.set_at,
            "reason": one.reason,
            "released_at": one.released_at,
            "released_by": one.released_by,
            "release_reason": one.release_reason,
        }
        for one in found
    ]


def reviews(*, session: Session) -> list[dict[str, Any]]:
    """Return a task for each hold in force: somebody looks again by the day that was set."""
    in_force = (
        select(SafeguardingHold)
        .where(SafeguardingHold.released_at.is_(None))
        .order_by(SafeguardingHold.review_by, SafeguardingHold.hold_id)
        .limit(tasks.MOST)
    )
    return [
        {
            "task_id": hold.hold_id,
            "kind": "safeguarding_hold_review",
            "about": f"safeguarding_hold/{hold.hold_id}",
            "words": WORDS,
            "role": COORDINATOR,
            "opened_at": hold.set_at,
            "due_at": datetime.combine(hold.review_by, time(), tzinfo=UTC),
        }
        for hold in session.scalars(in_force)
    ]
