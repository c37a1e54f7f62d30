"""What was opened in an emergency: for the second person, and for whoever reviews it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.emergencies import rules
from services.assessment.emergencies.commands import EmergencyAccessesAsked, ToAnswerAsked
from services.assessment.emergencies.models import EmergencyAccess
from shared import clock

MOST = 200


def emergency_accesses_to_answer(
    asked: ToAnswerAsked, *, session: Session
) -> list[Mapping[str, Any]]:
    """Return for which openings somebody was named and has not answered, the earliest first."""
    waiting = (
        select(EmergencyAccess)
        .where(EmergencyAccess.second_id == asked.second_id)
        .where(EmergencyAccess.answered_at.is_(None), EmergencyAccess.reviewed_at.is_(None))
        .order_by(EmergencyAccess.opened_at, EmergencyAccess.access_id)
        .limit(MOST)
    )
    return [_shown(one) for one in session.scalars(waiting)]


def emergency_accesses(
    asked: EmergencyAccessesAsked, *, session: Session
) -> list[Mapping[str, Any]]:
    """Return what was opened for an organisation and waits for review, the earliest first.

    Of what was reviewed, the latest first.
    """
    found = select(EmergencyAccess).where(EmergencyAccess.organisation == asked.organisation)
    if asked.is_reviewed:
        found = found.where(EmergencyAccess.reviewed_at.is_not(None))
        order = EmergencyAccess.opened_at.desc()
    else:
        found = found.where(EmergencyAccess.reviewed_at.is_(None))
        order = EmergencyAccess.opened_at.asc()
    listed = found.order_by(order, EmergencyAccess.access_id).limit(MOST)
    at = clock.now()
    return [
        {
            **_shown(one),
            "second_id": one.second_id,
            "answer": one.answer,
            "answer_words": one.answer_words,
            "answered_at": one.answered_at,
            "is_answer_late": rules.is_answer_late(
                is_answered=one.answered_at is not None, answer_due_at=one.answer_due_at, at=at
            ),
            "reviewed_by": one.reviewed_by,
            "finding": one.finding,
            "review_words": one.review_words,
            "reviewed_at": one.reviewed_at,
        }
        for one in session.scalars(listed)
    ]


def _shown(access: EmergencyAccess) -> Mapping[str, Any]:
    return {
        "access_id": access.access_id,
        "person_id": access.person_id,
        "opened_by": access.opened_by,
        "opened_by_role": access.opened_by_role,
        "organisation": access.organisation,
        "reason": access.reason,
        "words": access.words,
        "opened_at": access.opened_at,
        "ends_at": access.ends_at,
        "answer_due_at": access.answer_due_at,
    }
