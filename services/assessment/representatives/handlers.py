"""What is done with representatives."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from access import relations
from services.assessment.dates import check_happened, check_order
from services.assessment.people.models import Person, TeamMembership
from services.assessment.repeats import digest, is_repeat
from services.assessment.representatives import rules
from services.assessment.representatives.commands import AppointRepresentative, EndRepresentative
from services.assessment.representatives.models import Representative
from shared.contracts.assessment.representatives import ActingFor, RepresentativeChanged
from shared.errors import NotFoundError
from shared.messaging import outbox
from shared.trace import Trace


def appoint_representative(
    command: AppointRepresentative, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Let somebody act for a person, once for each ``appointment_id``.

    Raises:
        NotFoundError: no such person.
        IdReusedError: ``appointment_id`` was used for another appointment.
        ScopeNotOfKindError: such a representative does this for nobody.
        RepresentsThemselvesError, InCareTeamError: it is nobody independent.
        EndsBeforeStartError: the dates cannot be.
        KnownOtherwiseError: the NHS number is another representative's, or they have another.
    """
    person = Person.locked(command.person_id, session=session)
    earlier = session.get(Representative, command.appointment_id)
    if not is_repeat(earlier, command, field="appointment_id"):
        _check(person, command, session=session)
        _appoint(person, command, session=session, trace=trace)
        tell_present(person, session=session, trace=trace)
    return {"appointment_id": command.appointment_id}


def _appoint(
    person: Person, command: AppointRepresentative, *, session: Session, trace: Trace
) -> None:
    facts = asdict(command) | {
        "person_id": person.person_id,
        "scopes": sorted(set(command.scopes)),
    }
    nhs_number = facts.pop("nhs_number")
    appointment = Representative(appointed_at=trace.at, request_sha256=digest(command), **facts)
    if nhs_number is not None:
        _check_one_human(command.representative_id, nhs_number, session=session)
        appointment.hold_number(nhs_number)
    session.add(appointment)


def _check_one_human(representative_id: UUID, nhs_number: str, *, session: Session) -> None:
    of_number = Representative.of_number(nhs_number, session=session)
    known_by = Representative.numbers_of(representative_id, session=session)
    same = {one.nhs_number_index for one in of_number}
    rules.check_one_human(
        is_anothers=any(one.representative_id != representative_id for one in of_number),
        has_another=bool(known_by - same),
    )


def _check(person: Person, command: AppointRepresentative, *, session: Session) -> None:
    check_order(starts_on=command.starts_on, ends_on=command.ends_on, field="ends_on")
    rules.check_scopes(command.kind, command.scopes)
    team = TeamMembership.present(person.person_id, session=session)
    rules.check_independent(
        command.representative_id,
        person_id=person.person_id,
        team_ids={member.staff_id for member in team},
    )


def end_representative(
    command: EndRepresentative, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """End an appointment; what was signed under it stands. Ended again, it changes nothing.

    Raises:
        NotFoundError: no such appointment.
        DateInFutureError: the last day has not come.
        RepresentativeEndedError: it has ended on another day or for another reason.
    """
    person = Person.locked(_person_of(command.appointment_id, session=session), session=session)
    appointment = session.get_one(Representative, command.appointment_id, populate_existing=True)
    is_ended = appointment.ended_at is not None
    asked = (command.ended_on, command.reason)
    is_same = asked == (appointment.ends_on, appointment.end_reason)
    rules.check_end(is_ended=is_ended, is_same=is_same)
    if not is_ended:
        check_happened(command.ended_on, today=trace.today, field="ended_on")
        appointment.ends_on, appointment.end_reason = asked
        appointment.ended_at = trace.at
        tell_present(person, session=session, trace=trace)
    return {"appointment_id": command.appointment_id, "ended_on": command.ended_on}


def _person_of(appointment_id: UUID, *, session: Session) -> UUID:
    appointment = session.get(Representative, appointment_id)
    if appointment is None:
        raise NotFoundError("No such appointment.", appointment_id=str(appointment_id))
    return appointment.person_id


def tell_present(person: Person, *, session: Session, trace: Trace) -> None:
    """Tell who acts for a person now or will, whole and not as a step."""
    session.flush()
    acting = _acting(person.person_id, today=trace.today, session=session)
    for one in person.under_every_id(session=session):
        one.representatives_version += 1
        changed = RepresentativeChanged(
            occurred_at=trace.at,
            person_id=one.person_id,
            version=one.representatives_version,
            representatives=acting,
        )
        relations.keep_representatives(changed, session=session, trace=trace)
        outbox.add(session, changed, trace=trace)


def _acting(person_id: UUID, *, today: date, session: Session) -> list[ActingFor]:
    return [
        ActingFor(
            representative_id=one.representative_id,
            kind=one.kind,
            name=one.name,
            scopes=one.scopes,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            email=one.email,
            mobile=one.mobile,
        )
        for one in Representative.not_ended(person_id, today, session=session)
    ]
