"""What is done with a complaint."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.complaints import rules
from services.assessment.complaints.commands import AnswerComplaint, MakeComplaint, TellLate
from services.assessment.complaints.models import Complaint
from services.assessment.complaints.rules import ComplaintState
from services.assessment.dates import working_days_after
from services.assessment.people.models import Person, TeamMembership
from services.assessment.repeats import digest, is_repeat
from shared.contracts.assessment.complaints import (
    ComplaintAnswered,
    ComplaintLate,
    ComplaintMade,
)
from shared.messaging import outbox
from shared.trace import Trace


def make_complaint(command: MakeComplaint, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Take a complaint, once for each ``complaint_id``, and start its clock.

    Raises:
        NotFoundError: no such person.
        IdReusedError: ``complaint_id`` was used for another complaint.
    """
    Person.locked(command.person_id, session=session)
    earlier = session.get(Complaint, command.complaint_id)
    if earlier is not None and is_repeat(earlier, command, field="complaint_id"):
        return _made(earlier)
    complaint = Complaint(
        state=ComplaintState.MADE,
        made_at=trace.at,
        due_on=working_days_after(trace.today, working_days=rules.ANSWER_WITHIN_WORKING_DAYS),
        request_sha256=digest(command),
        **asdict(command),
    )
    session.add(complaint)
    made = ComplaintMade(
        occurred_at=trace.at,
        complaint_id=complaint.complaint_id,
        person_id=complaint.person_id,
        due_on=complaint.due_on,
    )
    outbox.add(session, made, trace=trace)
    return _made(complaint)


def _made(complaint: Complaint) -> Mapping[str, Any]:
    return {"complaint_id": complaint.complaint_id, "due_on": complaint.due_on}


def answer_complaint(
    command: AnswerComplaint, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Answer a complaint, from outside the care team.

    Raises:
        NotKnownYetError: no such complaint yet.
        ComplaintAnsweredError: it was answered.
        ComplaintNotForCareTeamError: whoever answers works or worked with the person.
    """
    complaint = Complaint.locked(command.complaint_id, session=session)
    state = rules.state_after(complaint.state, "answer")
    team_ids = ever_in_team(complaint.person_id, session=session)
    rules.check_outside(command.handler_id, team_ids=team_ids, field="handler_id")
    complaint.state = state
    complaint.handler_id = command.handler_id
    complaint.answer = command.answer
    complaint.next_route = command.next_route
    complaint.answered_at = trace.at
    answered = ComplaintAnswered(
        occurred_at=trace.at,
        complaint_id=complaint.complaint_id,
        person_id=complaint.person_id,
    )
    outbox.add(session, answered, trace=trace)
    return {"complaint_id": complaint.complaint_id}


def ever_in_team(person_id: UUID, *, session: Session) -> set[UUID]:
    """Return who works with a person, or ever did."""
    return {member.staff_id for member in TeamMembership.ever(person_id, session=session)}


def tell_late(command: TellLate, *, session: Session, trace: Trace) -> None:
    """Tell once that a complaint was not answered in time."""
    complaint = Complaint.locked(command.complaint_id, session=session)
    if complaint.answered_at is not None or complaint.late_told_at is not None:
        return
    complaint.late_told_at = trace.at
    late = ComplaintLate(
        occurred_at=trace.at, complaint_id=complaint.complaint_id, due_on=complaint.due_on
    )
    outbox.add(session, late, trace=trace)
