"""What was complained about and answered, for those who may read it; and what is late."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.complaints import rules
from services.assessment.complaints.commands import ComplaintAsked, TellLate
from services.assessment.complaints.models import Complaint
from services.assessment.people.models import TeamMembership
from shared.clock import day_in_london
from shared.errors import NotFoundError

MOST_AT_ONCE = 100


def complaint(asked: ComplaintAsked, *, session: Session) -> Mapping[str, Any]:
    """Return one complaint to whoever may read it: it is part of no case.

    Raises:
        NotFoundError: no such complaint.
        ComplaintNotForCareTeamError, ComplaintReaderError: they may not.
    """
    found = session.get(Complaint, asked.complaint_id)
    if found is None:
        raise NotFoundError("No such complaint.", complaint_id=str(asked.complaint_id))
    team = TeamMembership.ever(found.person_id, session=session)
    rules.check_reader(
        reader_id=asked.reader_id,
        reader_role=asked.reader_role,
        person_id=found.person_id,
        team_ids={member.staff_id for member in team},
        may_team_read=found.may_team_read,
    )
    return {
        "complaint_id": found.complaint_id,
        "person_id": found.person_id,
        "state": found.state,
        "made_by_role": found.made_by_role,
        "words": found.words,
        "wants": found.wants,
        "may_team_read": found.may_team_read,
        "made_at": found.made_at,
        "due_on": found.due_on,
        "handler_id": found.handler_id,
        "answer": found.answer,
        "next_route": found.next_route,
        "answered_at": found.answered_at,
    }


def late(at: datetime, *, session: Session) -> list[TellLate]:
    """Return of which late complaints nobody was told, the oldest first."""
    complaint_ids = session.scalars(
        select(Complaint.complaint_id)
        .where(Complaint.answered_at.is_(None), Complaint.late_told_at.is_(None))
        .where(Complaint.due_on < day_in_london(at))
        .order_by(Complaint.due_on, Complaint.complaint_id)
        .limit(MOST_AT_ONCE)
    )
    return [TellLate(complaint_id=one) for one in complaint_ids]
