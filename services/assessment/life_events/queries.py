"""What happened to a person, and whose move has come."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.life_events.commands import CloseMoved
from services.assessment.life_events.models import LifeEvent
from services.assessment.life_events.rules import EventKind
from shared.clock import day_in_london

MOST_AT_ONCE = 100


def shown(person_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return what happened to a person, in the order in which it was recorded."""
    return [
        {
            "event_id": event.event_id,
            "kind": event.kind,
            "happened_on": event.happened_on,
            "source": event.source,
            "whereabouts": event.whereabouts,
            "recorded_at": event.recorded_at,
            **event.details,
        }
        for event in LifeEvent.of(person_id, session=session)
    ]


def moved(at: datetime, *, session: Session) -> list[CloseMoved]:
    """Return the moves whose day has come and whose cases are open here."""
    event_ids = session.scalars(
        select(LifeEvent.event_id)
        .where(LifeEvent.kind == EventKind.MOVE, LifeEvent.effective_at.is_(None))
        .where(LifeEvent.happened_on <= day_in_london(at))
        .order_by(LifeEvent.happened_on, LifeEvent.event_id)
        .limit(MOST_AT_ONCE)
    )
    return [CloseMoved(event_id=one) for one in event_ids]
