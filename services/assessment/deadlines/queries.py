"""Who has to do what by when: of one case, of one role, and what was missed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.assessment.deadlines import rules
from services.assessment.deadlines.commands import TellMissed, WhereIsItAsked
from services.assessment.deadlines.models import Deadline
from services.assessment.referrals.models import Referral
from shared import clock
from shared.errors import NotFoundError
from shared.messaging import tasks

MOST_AT_ONCE = 100

# Plain columns, and made once: it is asked often, and answered within five milliseconds.
_OPEN = (
    select(Deadline.stage, Deadline.role, Deadline.since, Deadline.due_on)
    .where(Deadline.referral_id == bindparam("referral_id"), Deadline.met_at.is_(None))
    .order_by(Deadline.due_on, Deadline.stage, Deadline.deadline_id)
)


def where_is_it(asked: WhereIsItAsked, *, session: Session) -> list[Mapping[str, Any]]:
    """Return who has to do what on a case, since when and by when, the most urgent first.

    Raises:
        NotFoundError: no such referral.
    """
    deadlines = session.execute(_OPEN, {"referral_id": asked.referral_id}).all()
    if not deadlines and session.get(Referral, asked.referral_id) is None:
        raise NotFoundError("No such referral.", referral_id=str(asked.referral_id))
    today = clock.day_in_london(clock.now())
    return [
        {
            "stage": deadline.stage,
            "role": deadline.role,
            "since": deadline.since,
            "due_on": deadline.due_on,
            "is_late": rules.is_late(due_on=deadline.due_on, today=today),
        }
        for deadline in deadlines
    ]


def open_tasks(asked: Mapping[str, Any], *, session: Session) -> list[dict[str, Any]]:
    """Return what waits for somebody, with what every service has of that, the earliest first."""
    deadlines = select(Deadline).where(Deadline.met_at.is_(None))
    if asked["role"] is not None:
        deadlines = deadlines.where(Deadline.role == asked["role"])
    most_urgent = deadlines.order_by(Deadline.due_on, Deadline.deadline_id).limit(tasks.MOST)
    found = [_task(deadline) for deadline in session.scalars(most_urgent)]
    found += tasks.open_tasks(asked, session=session)
    return sorted(found, key=lambda task: task["due_at"])[: tasks.MOST]


def _task(deadline: Deadline) -> dict[str, Any]:
    return {
        "task_id": deadline.deadline_id,
        "kind": deadline.stage,
        "about": f"referral/{deadline.referral_id}",
        "words": rules.WORDS[deadline.stage],
        "role": deadline.role,
        "opened_at": deadline.since,
        "due_at": _end_of(deadline.due_on),
    }


def _end_of(day: date) -> datetime:
    """Return the instant at which a day ends in London."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.LONDON)
    return midnight.astimezone(UTC)


def missed(at: datetime, *, session: Session) -> list[TellMissed]:
    """Return of which missed deadlines nobody was told, the oldest first."""
    deadline_ids = session.scalars(
        select(Deadline.deadline_id)
        .where(Deadline.met_at.is_(None), Deadline.missed_told_at.is_(None))
        .where(Deadline.due_on < clock.day_in_london(at))
        .order_by(Deadline.due_on, Deadline.deadline_id)
        .limit(MOST_AT_ONCE)
    )
    return [TellMissed(deadline_id=one) for one in deadline_ids]
