"""Which contributions wait for their referral: somebody asks about each."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.deadlines import queries as deadlines
from services.assessment.unplaced_contributions import rules
from services.assessment.unplaced_contributions.models import UnplacedContribution
from shared.messaging import tasks


def open_tasks(asked: Mapping[str, Any], *, session: Session) -> list[dict[str, Any]]:
    """Return what waits for somebody in this service, the earliest first."""
    found = deadlines.open_tasks(asked, session=session)
    found += _to_place(asked["role"], session=session)
    return sorted(found, key=lambda task: task["due_at"])[: tasks.MOST]


def _to_place(role: str | None, *, session: Session) -> list[dict[str, Any]]:
    """Return a task for each contribution that waits, the oldest first."""
    if role not in {None, rules.WHO_ASKS}:
        return []
    waiting = (
        select(UnplacedContribution)
        .where(UnplacedContribution.placed_at.is_(None))
        .order_by(UnplacedContribution.received_at)
        .limit(tasks.MOST)
    )
    return [
        {
            "task_id": one.contribution_id,
            "kind": "contribution_unplaced",
            "about": f"contribution/{one.contribution_id}",
            "words": rules.WORDS,
            "role": rules.WHO_ASKS,
            "opened_at": one.received_at,
            "due_at": one.received_at + rules.ASK_WITHIN,
        }
        for one in session.scalars(waiting)
    ]
