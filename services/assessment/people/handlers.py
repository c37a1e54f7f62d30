"""What is done with people."""

from dataclasses import asdict
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.people import rules
from services.assessment.people.commands import PersonDetails
from services.assessment.people.models import Person
from shared.contracts.assessment.people import ContactDetailsChanged
from shared.messaging import outbox
from shared.trace import Trace

_IDENTIFIERS = ("nhs_number", "council_client_id")


def register(details: PersonDetails, *, session: Session, trace: Trace) -> Person:
    """Return the record of the person described, new or brought up to date.

    Raises:
        BirthDateInFutureError: the birth date has not come yet.
        IdentityUncertainError: the two identifiers belong to different people.
    """
    rules.check_birth_date(details.birth_date, today=trace.today)
    person = _find(details, session=session)
    described = asdict(details)
    if person is None:
        person = Person(person_id=uuid4(), registered_at=trace.at, **described)
        session.add(person)
    for column, value in described.items():
        if value is not None or column not in _IDENTIFIERS:  # what we knew is not forgotten
            setattr(person, column, value)
    person.contact_version += 1
    session.flush()
    outbox.add(session, _contact_details_changed(person, trace=trace), trace=trace)
    return person


def _find(details: PersonDetails, *, session: Session) -> Person | None:
    """Return the record that the identifiers speak of, locked until the transaction ends."""
    by_nhs_number = _known_by("nhs_number", details.nhs_number, session=session)
    by_council = _known_by("council_client_id", details.council_client_id, session=session)
    both_numbers = {by_council.nhs_number if by_council else None, details.nhs_number} - {None}
    person_id = rules.one_record(
        by_nhs_number=by_nhs_number.person_id if by_nhs_number else None,
        by_council_client_id=by_council.person_id if by_council else None,
        is_contradicted=len(both_numbers) > 1,
    )
    if person_id is None:
        return None
    return session.get_one(Person, person_id, with_for_update=True, populate_existing=True)


def _known_by(column: str, identifier: str | None, *, session: Session) -> Person | None:
    """Return who has an identifier; a twin of this request waits, so that nobody is made twice."""
    if identifier is None:
        return None
    key = func.hashtextextended(f"{column}/{identifier}", 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))
    return session.scalar(select(Person).where(getattr(Person, column) == identifier))


def _contact_details_changed(person: Person, *, trace: Trace) -> ContactDetailsChanged:
    return ContactDetailsChanged(
        occurred_at=trace.at,
        person_id=person.person_id,
        version=person.contact_version,
        given_name=person.given_name,
        family_name=person.family_name,
        language=person.language,
        is_interpreter_required=person.is_interpreter_required,
        accessible_format=person.accessible_format,
        mobile=person.mobile,
        email=person.email,
        address_lines=person.address_lines,
        preferred_channel=person.preferred_channel,
        is_safe_to_text=person.is_safe_to_text,
    )
