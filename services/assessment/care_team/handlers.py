"""What is done with a person's care team."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from services.assessment.care_team.commands import AssignTeamMember, RecordOffer
from services.assessment.care_team.models import SupportOffer
from services.assessment.dates import check_happened
from services.assessment.people.models import Person, TeamMembership
from services.assessment.referrals.models import Referral
from services.assessment.repeats import digest, is_repeat
from services.assessment.representatives import rules as representatives
from services.assessment.representatives.models import Representative
from shared.contracts.assessment.people import CareTeamChanged, TeamMember
from shared.messaging import outbox
from shared.trace import Trace


def assign_team_member(
    command: AssignTeamMember, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Put somebody in a role; whoever had it before stays in the history.

    Raises:
        NotFoundError: no such person.
        InCareTeamError: they act for the person.
    """
    person = Person.locked(command.person_id, session=session)
    team = TeamMembership.present(person.person_id, session=session)
    present = next((member for member in team if member.role == command.role), None)
    if present is None or not _is_same_member(present, command):
        _check_independent(person, command, session=session, trace=trace)
        _replace(present, person, command, session=session, trace=trace)
        tell_present(person, session=session, trace=trace)
    return {"person_id": person.person_id, "version": person.team_version}


def _is_same_member(member: TeamMembership, command: AssignTeamMember) -> bool:
    asked = (command.staff_id, command.name, command.organisation, command.employer)
    return asked == (member.staff_id, member.name, member.organisation, member.employer)


def _check_independent(
    person: Person, command: AssignTeamMember, *, session: Session, trace: Trace
) -> None:
    """Nobody works on a case and acts for the person on it."""
    for one in Representative.not_ended(person.person_id, trace.today, session=session):
        representatives.check_independent(
            one.representative_id, person_id=person.person_id, team_ids={command.staff_id}
        )


def _replace(
    present: TeamMembership | None,
    person: Person,
    command: AssignTeamMember,
    *,
    session: Session,
    trace: Trace,
) -> None:
    if present is not None:
        present.ended_at = max(trace.at, present.started_at)
        session.flush()  # one person in a role at a time
    facts = asdict(command) | {"person_id": person.person_id}
    session.add(TeamMembership(membership_id=uuid4(), started_at=trace.at, **facts))
    session.flush()


def tell_present(person: Person, *, session: Session, trace: Trace) -> None:
    """Tell who works with a person now, whole and not as a step."""
    person.team_version += 1
    members = [
        TeamMember(
            staff_id=member.staff_id,
            role=member.role,
            name=member.name,
            organisation=member.organisation,
        )
        for member in TeamMembership.present(person.person_id, session=session)
    ]
    changed = CareTeamChanged(
        occurred_at=trace.at,
        person_id=person.person_id,
        version=person.team_version,
        members=members,
    )
    outbox.add(session, changed, trace=trace)


def record_offer(command: RecordOffer, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Keep what help a person was offered, and their answer, once for each ``offer_id``.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``offer_id`` was used for another offer.
        DateInFutureError: it has not been offered.
    """
    Referral.locked(command.referral_id, session=session)
    earlier = session.get(SupportOffer, command.offer_id)
    if not is_repeat(earlier, command, field="offer_id"):
        check_happened(command.offered_on, today=trace.today, field="offered_on")
        session.add(
            SupportOffer(recorded_at=trace.at, request_sha256=digest(command), **asdict(command))
        )
    return {"offer_id": command.offer_id}
