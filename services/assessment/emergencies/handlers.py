"""What is done when a record is opened in an emergency."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from access import relations
from access.tables import Relation
from services.assessment.emergencies import rules
from services.assessment.emergencies.commands import (
    AnswerEmergencyAccess,
    OpenRecordInEmergency,
    ReviewEmergencyAccess,
)
from services.assessment.emergencies.models import EmergencyAccess
from services.assessment.emergencies.rules import Answer
from services.assessment.people.identifiers import IdentifierKind, blind_index
from services.assessment.people.models import Person, TeamMembership
from services.assessment.referrals.models import Referral
from services.assessment.repeats import digest, is_repeat
from shared.contracts.assessment.emergencies import (
    EmergencyAccessEnded,
    EmergencyAccessOpened,
    EmergencyAnswerWanted,
)
from shared.errors import NotFoundError
from shared.messaging import outbox
from shared.trace import Trace


def open_record_in_emergency(
    command: OpenRecordInEmergency, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Let somebody read a person's record for a day, once for each ``access_id``.

    Whether there is such a person is found out last, so that nobody learns it without opening.

    Raises:
        IdReusedError: ``access_id`` was used for another opening.
        SecondPersonError, TooManyOpenError: they may open none.
        NotFoundError: no such person.
        WorksWithThemError, AlreadyOpenError, ObjectedError: they may not open this one.
    """
    earlier = session.get(EmergencyAccess, command.access_id)
    if earlier is not None and is_repeat(earlier, command, field="access_id"):
        return _opened(earlier, session=session)
    session.execute(_one_at_a_time(command.opened_by))
    second = _second(command, session=session)
    rules.check_second(command.second_id, opened_by=command.opened_by, is_known=second is not None)
    rules.check_few(open_now=EmergencyAccess.open_now(command.opened_by, trace.at, session=session))
    person = _person(command, session=session)
    _check_closed(person, command, session=session, trace=trace)
    access = _new(person, command, session=session, trace=trace)
    _keep_relations(access, is_open=True, session=session)
    outbox.add(session, _told(access, trace=trace), trace=trace)
    if second is not None and second.email is not None:
        wanted = _wanted(access, second, email=second.email, trace=trace)
        outbox.add(session, wanted, trace=trace)
    return _opened(access, session=session)


def _one_at_a_time(opened_by: UUID) -> Any:
    """Let nobody open two records at the same moment: how many they hold is counted."""
    return select(func.pg_advisory_xact_lock(func.hashtextextended(f"emergency/{opened_by}", 0)))


def _second(command: OpenRecordInEmergency, *, session: Session) -> TeamMembership | None:
    """Return the second person as somebody's care team knows them, with an address if any does."""
    known = (
        select(TeamMembership)
        .where(TeamMembership.staff_id == command.second_id, TeamMembership.ended_at.is_(None))
        .where(TeamMembership.organisation == command.organisation)
        .order_by(TeamMembership.email.is_(None), TeamMembership.started_at.desc())
        .limit(1)
    )
    return session.scalar(known)


def _person(command: OpenRecordInEmergency, *, session: Session) -> Person:
    person_id = command.person_id
    if command.nhs_number is not None:
        index = blind_index(IdentifierKind.NHS_NUMBER, command.nhs_number)
        person_id = session.scalar(select(Person.person_id).where(Person.nhs_number_index == index))
    if person_id is None:
        raise NotFoundError("No such person.")
    return Person.locked(person_id, session=session)


def _check_closed(
    person: Person, command: OpenRecordInEmergency, *, session: Session, trace: Trace
) -> None:
    earlier = EmergencyAccess.of(person.person_id, command.opened_by, session=session)
    team = TeamMembership.present(person.person_id, session=session)
    rules.check_closed(
        command.opened_by,
        team_ids={member.staff_id for member in team},
        is_open=any(one.ends_at > trace.at for one in earlier),
        is_objected=any(
            one.answer is Answer.OBJECTED and one.reviewed_at is None for one in earlier
        ),
    )


def _new(
    person: Person, command: OpenRecordInEmergency, *, session: Session, trace: Trace
) -> EmergencyAccess:
    facts = asdict(command) | {"person_id": person.person_id}
    del facts["nhs_number"]
    access = EmergencyAccess(
        opened_at=trace.at,
        ends_at=trace.at + rules.LASTS,
        answer_due_at=trace.at + rules.ANSWER_WITHIN,
        request_sha256=digest(command),
        **facts,
    )
    session.add(access)
    session.flush()
    return access


def _keep_relations(access: EmergencyAccess, *, is_open: bool, session: Session) -> None:
    """Keep who may read, who may answer, and whose officers may review."""
    held = [
        (str(access.second_id), rules.SECOND_PERSON),
        (access.organisation, rules.REVIEWING),
    ]
    rows = [_row(access, holder=holder, relation=relation) for holder, relation in held]
    if is_open:
        reading = _row(access, holder=str(access.opened_by), relation=relations.BREAK_GLASS)
        reading.ends_at = access.ends_at
        rows.append(reading)
    version = relations.OPENED if is_open else relations.ENDED
    relations.keep_of_emergency(access.person_id, access.access_id, version, rows, session=session)


def _row(access: EmergencyAccess, *, holder: str, relation: str) -> Relation:
    return Relation(
        person_id=access.person_id,
        source=relations.emergency(access.access_id),
        holder=holder,
        relation=relation,
    )


def _told(access: EmergencyAccess, *, trace: Trace) -> EmergencyAccessOpened:
    return EmergencyAccessOpened(
        occurred_at=trace.at,
        access_id=access.access_id,
        person_id=access.person_id,
        staff_id=access.opened_by,
        role=access.opened_by_role,
        organisation=access.organisation,
        reason=access.reason,
        opened_at=access.opened_at,
        ends_at=access.ends_at,
    )


def _wanted(
    access: EmergencyAccess, second: TeamMembership, *, email: str, trace: Trace
) -> EmergencyAnswerWanted:
    return EmergencyAnswerWanted(
        occurred_at=trace.at,
        access_id=access.access_id,
        person_id=access.person_id,
        second_id=second.staff_id,
        second_name=second.name,
        second_email=email,
        role=access.opened_by_role,
        answer_due_at=access.answer_due_at,
    )


def _opened(access: EmergencyAccess, *, session: Session) -> Mapping[str, Any]:
    cases = select(Referral.referral_id).where(Referral.person_id == access.person_id)
    return {
        "access_id": access.access_id,
        "person_id": access.person_id,
        "referral_ids": list(session.scalars(cases.order_by(Referral.received_at.desc()))),
        "ends_at": access.ends_at,
        "answer_due_at": access.answer_due_at,
    }


def answer_emergency_access(
    command: AnswerEmergencyAccess, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Keep what the second person says; if they object, the reading ends at once.

    Raises:
        NotKnownYetError: no such opening yet.
        NotSecondPersonError, EmergencyAnsweredError: it is not theirs to say, or said otherwise.
    """
    access = EmergencyAccess.locked(command.access_id, session=session)
    said = (command.answer, command.words)
    is_same = said == (access.answer, access.answer_words)
    rules.check_answer(
        command.answered_by,
        second_id=access.second_id,
        is_answered=access.answered_at is not None,
        is_reviewed=access.reviewed_at is not None,
        is_same=is_same,
    )
    if not is_same:
        access.answer, access.answer_words = said
        access.answered_at = trace.at
        if command.answer is Answer.OBJECTED:
            _end(access, session=session, trace=trace)
    return {"access_id": access.access_id, "answer": access.answer, "ends_at": access.ends_at}


def _end(access: EmergencyAccess, *, session: Session, trace: Trace) -> None:
    access.ends_at = max(access.opened_at, min(access.ends_at, trace.at))
    _keep_relations(access, is_open=False, session=session)
    ended = EmergencyAccessEnded(
        occurred_at=trace.at, access_id=access.access_id, person_id=access.person_id
    )
    outbox.add(session, ended, trace=trace)


def review_emergency_access(
    command: ReviewEmergencyAccess, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Keep what an information officer found.

    Raises:
        NotKnownYetError: no such opening yet, or it was for another organisation.
        ReviewerInvolvedError, EmergencyReviewedError: it is not theirs to say, or said otherwise.
    """
    access = EmergencyAccess.locked(command.access_id, session=session)
    if access.organisation != command.organisation:
        raise EmergencyAccess.not_here(command.access_id)
    found = (command.finding, command.words)
    is_same = found == (access.finding, access.review_words)
    rules.check_review(
        command.reviewed_by,
        involved={access.opened_by, access.second_id},
        is_reviewed=access.reviewed_at is not None,
        is_same=is_same,
    )
    if not is_same:
        access.finding, access.review_words = found
        access.reviewed_by, access.reviewed_at = command.reviewed_by, trace.at
    return {"access_id": access.access_id, "finding": access.finding}
