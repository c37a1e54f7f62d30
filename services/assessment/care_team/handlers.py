"""What is done with a person's care team."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from access import relations
from access.tables import RelationVersion
from services.assessment.care_team import rules
from services.assessment.care_team.commands import (
    AnswerWorkerChange,
    AssignTeamMember,
    EndAccess,
    RecordOffer,
    RequestWorkerChange,
    TellNumber,
    TellRelations,
)
from services.assessment.care_team.models import SupportOffer, WorkerChange
from services.assessment.consent import handlers as consent
from services.assessment.consent.models import Consent
from services.assessment.dates import check_happened, working_days_after
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.people import handlers as people
from services.assessment.people.models import Person, TeamMembership
from services.assessment.people.rules import TeamRole
from services.assessment.referrals.models import Referral
from services.assessment.repeats import digest, is_repeat
from services.assessment.representatives import handlers as representatives_handlers
from services.assessment.representatives import rules as representatives
from services.assessment.representatives.models import Representative
from shared.contracts.assessment.people import CareTeamChanged, TeamMember, WorkerChangeAnswered
from shared.errors import NotFoundError
from shared.messaging import outbox
from shared.trace import Trace


def assign_team_member(
    command: AssignTeamMember, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Put somebody in a role; whoever had it before stays in the history.

    An advocate or a peer supporter is there until a day; then their access ends by itself.

    Raises:
        NotFoundError: no such person.
        AccessDatesError: the last day is missing, has gone by, or is of a role without one.
        InCareTeamError: they act for the person.
    """
    person = Person.locked(command.person_id, session=session)
    rules.check_access(command.role, ends_on=command.ends_on, today=trace.today)
    team = TeamMembership.present(person.person_id, session=session)
    present = next((member for member in team if member.role == command.role), None)
    if present is None or not _is_same_member(present, command):
        _check_independent(person, command, session=session, trace=trace)
        _replace(present, person, command, session=session, trace=trace)
        tell_present(person, session=session, trace=trace)
    return {"person_id": person.person_id, "version": person.team_version}


def _is_same_member(member: TeamMembership, command: AssignTeamMember) -> bool:
    same = ("staff_id", "name", "organisation", "employer", "ends_on", "email")
    return all(getattr(member, name) == getattr(command, name) for name in same)


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


def end_access(command: EndAccess, *, session: Session, trace: Trace) -> None:
    """End the access of an advocate or a peer supporter whose last day has gone by; tell it."""
    found = session.get_one(TeamMembership, command.membership_id)
    person = Person.locked(found.person_id, session=session)
    member = session.get_one(TeamMembership, command.membership_id, populate_existing=True)
    if member.ended_at is None and rules.is_access_over(ends_on=member.ends_on, today=trace.today):
        member.ended_at = trace.at
        session.flush()
        tell_present(person, session=session, trace=trace)


def tell_number(command: TellNumber, *, session: Session, trace: Trace) -> None:
    """Tell an NHS number that was not told yet, and who leads the care.

    Notifications needs both to choose by whom a message goes, and kept neither before.
    """
    person = Person.locked(command.person_id, session=session)
    records = person.under_every_id(session=session)
    if not all(one.is_number_told for one in records):
        people.tell_contact_details(person, session=session, trace=trace)
        tell_present(person, session=session, trace=trace)


def tell_relations(command: TellRelations, *, session: Session, trace: Trace) -> None:
    """Tell again who works with a person, who acts for them and with whom they share.

    From it every service keeps who may see the record. What was told meanwhile is not told again.
    """
    person = Person.locked(command.person_id, session=session)
    records = person.under_every_id(session=session)
    has_agreed = bool(Consent.of(person.person_id, session=session))
    for source, is_known, tell in (
        ("care_team", person.team_version > 0, tell_present),
        (
            "representatives",
            person.representatives_version > 0,
            representatives_handlers.tell_present,
        ),
        (relations.CONSENT, has_agreed, consent.tell_present),
    ):
        kept = [session.get(RelationVersion, (one.person_id, source)) for one in records]
        if None in kept and is_known:
            tell(person, session=session, trace=trace)


def tell_present(person: Person, *, session: Session, trace: Trace) -> None:
    """Tell who works with a person now, whole and not as a step."""
    members = [
        TeamMember(
            staff_id=member.staff_id,
            role=member.role,
            name=member.name,
            organisation=member.organisation,
            email=member.email,
        )
        for member in TeamMembership.present(person.person_id, session=session)
    ]
    for one in person.under_every_id(session=session):
        one.team_version += 1
        changed = CareTeamChanged(
            occurred_at=trace.at,
            person_id=one.person_id,
            version=one.team_version,
            members=members,
        )
        relations.keep_care_team(changed, session=session, trace=trace)
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


def request_worker_change(
    command: RequestWorkerChange, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Keep that the person wants somebody else, once for each id, and start the clock.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``request_id`` was used for another request.
        NobodyInRoleError: nobody has this role now.
    """
    referral = Referral.locked(command.referral_id, session=session)
    request = session.get(WorkerChange, command.request_id)
    due_on = working_days_after(trace.today, working_days=rules.CHANGE_ANSWERED_WITHIN_WORKING_DAYS)
    if not is_repeat(request, command, field="request_id"):
        about = _team(referral, session=session).get(command.role)
        if about is None:
            raise rules.NobodyInRoleError("Nobody has this role now.", field="role")
        session.add(
            WorkerChange(
                about_staff_id=about,
                requested_at=trace.at,
                request_sha256=digest(command),
                **asdict(command),
            )
        )
        session.flush()
        deadlines.start(
            session,
            referral_id=referral.referral_id,
            stage=Stage.WORKER_CHANGE,
            about_id=command.request_id,
            role=rules.answering_role(command.role),
            due_on=due_on,
            trace=trace,
        )
    return {"request_id": command.request_id}


def _team(referral: Referral, *, session: Session) -> Mapping[TeamRole, UUID]:
    team = TeamMembership.present(referral.person_id, session=session)
    return {member.role: member.staff_id for member in team}


def answer_worker_change(
    command: AnswerWorkerChange, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Answer with reasons, and tell the person; who comes instead has the role at once.

    Raises:
        NotFoundError: no such request.
        ChangeAnsweredError: it has another answer.
        AnswererNotInRoleError: whoever answers may not.
        InCareTeamError: who should come acts for the person.
    """
    referral, request = _requested(command.request_id, session=session)
    new_staff_id = None if command.new_worker is None else command.new_worker.staff_id
    asked = (new_staff_id, command.answered_by, command.reasons)
    is_answered = request.answered_at is not None
    is_same = asked == (request.new_staff_id, request.answered_by, request.reasons)
    rules.check_unanswered(is_answered=is_answered, is_same=is_same)
    if not is_answered:
        rules.check_answerer(
            command.answered_by,
            about=request.about_staff_id,
            team=_team(referral, session=session),
        )
        _change(referral, request, command, session=session, trace=trace)
        request.new_staff_id, request.answered_by, request.reasons = asked
        request.is_agreed, request.answered_at = new_staff_id is not None, trace.at
        deadlines.meet(session, stage=Stage.WORKER_CHANGE, about_id=request.request_id, trace=trace)
        outbox.add(session, _answered(referral, request, command, trace=trace), trace=trace)
    return {"request_id": request.request_id, "is_agreed": request.is_agreed}


def _requested(request_id: UUID, *, session: Session) -> tuple[Referral, WorkerChange]:
    """Return a request and its case, locked until the transaction ends."""
    found = session.get(WorkerChange, request_id)
    if found is None:
        raise NotFoundError("No such request.", request_id=str(request_id))
    referral = Referral.locked(found.referral_id, session=session)
    return referral, session.get_one(WorkerChange, request_id, populate_existing=True)


def _change(
    referral: Referral,
    request: WorkerChange,
    command: AnswerWorkerChange,
    *,
    session: Session,
    trace: Trace,
) -> None:
    if command.new_worker is not None:
        team = TeamMembership.present(referral.person_id, session=session)
        ends_on = next((one.ends_on for one in team if one.role == request.role), None)
        assigned = AssignTeamMember(
            person_id=referral.person_id,
            role=request.role,
            ends_on=ends_on,  # they take over for as long
            **asdict(command.new_worker),
        )
        assign_team_member(assigned, session=session, trace=trace)


def _answered(
    referral: Referral, request: WorkerChange, command: AnswerWorkerChange, *, trace: Trace
) -> WorkerChangeAnswered:
    return WorkerChangeAnswered(
        occurred_at=trace.at,
        request_id=request.request_id,
        referral_id=referral.referral_id,
        person_id=referral.person_id,
        role=request.role,
        is_agreed=command.new_worker is not None,
        reasons=command.reasons,
    )
