"""What is done with people."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.dates import check_happened
from services.assessment.people import rules
from services.assessment.people.commands import (
    PersonDetails,
    RecordAccessibleNeeds,
    RecordSafeContact,
)
from services.assessment.people.identifiers import IdentifierKind, blind_index
from services.assessment.people.models import Person
from shared.contracts.assessment.people import ContactDetailsChanged
from shared.messaging import outbox
from shared.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The record of a person, and whose it may be besides."""

    person: Person
    contradictory: frozenset[UUID]  # the identifiers speak of these, too
    alike: frozenset[UUID]  # of the same name, birth date and postcode


def register(details: PersonDetails, *, session: Session, trace: Trace) -> Registered:
    """Return the record of the person described, new or brought up to date.

    Raises:
        BirthDateInFutureError: the birth date has not come yet.
    """
    rules.check_birth_date(details.birth_date, today=trace.today)
    known = {
        kind: _known_by(kind, getattr(details, kind), session=session) for kind in IdentifierKind
    }
    # Before any record is locked: whoever asks about one of two waits for nobody who has it.
    alike = rules.likeness(
        given_name=details.given_name,
        family_name=details.family_name,
        address_lines=details.address_lines,
    )
    _wait_for_twins(f"{details.birth_date}/{alike}", session=session)
    match = _match(details, known, session=session)
    described = {
        name: value for name, value in asdict(details).items() if name not in set(IdentifierKind)
    }
    if match.person_id is None:
        person = Person(person_id=uuid4(), registered_at=trace.at, **described)
        session.add(person)
    else:
        person = Person.locked(match.person_id, session=session)
        _bring_up_to_date(person, described)
    for kind in IdentifierKind:
        identifier = getattr(details, kind)
        is_new = known[kind] is None or match.uncertain
        if identifier is not None and is_new:  # what we knew is not forgotten
            person.hold(kind, identifier, is_contested=bool(match.uncertain))
    session.flush()
    others = _alike(person, session=session) - match.uncertain
    tell_contact_details(person, session=session, trace=trace)
    return Registered(person=person, contradictory=match.uncertain, alike=others)


def _bring_up_to_date(person: Person, described: Mapping[str, Any]) -> None:
    """Keep what is said of them now; by their birth date they were known, so that stays."""
    is_known_safe = None if person.safe_contact_said_on is None else person.is_safe_to_text
    for column, value in described.items():
        if column != "birth_date":
            setattr(person, column, value)
    person.is_safe_to_text = rules.narrowed(
        is_said_safe=described["is_safe_to_text"], is_known_safe=is_known_safe
    )


def _match(
    details: PersonDetails, known: Mapping[IdentifierKind, Person | None], *, session: Session
) -> rules.Match:
    """Tell of whom the identifiers speak."""
    by_nhs_number = known[IdentifierKind.NHS_NUMBER]
    by_council = known[IdentifierKind.COUNCIL_CLIENT_ID]
    their_number = by_council.held(IdentifierKind.NHS_NUMBER) if by_council else None
    has_another_number = (
        by_nhs_number is None and len({their_number, details.nhs_number} - {None}) > 1
    )
    was_born_otherwise = any(
        one.birth_date != details.birth_date
        and details.birth_date not in _birth_dates(one, session=session)
        for one in known.values()
        if one is not None
    )
    return rules.one_record(
        by_nhs_number=_id_now(by_nhs_number),
        by_council_client_id=_id_now(by_council),
        is_contradicted=has_another_number or was_born_otherwise,
    )


def _birth_dates(person: Person, *, session: Session) -> set[date]:
    """Return the birth dates of all records of a person: of two that became one, one is wrong."""
    kept = session.get_one(Person, person.merged_into or person.person_id)
    return {one.birth_date for one in kept.under_every_id(session=session)}


def _id_now(person: Person | None) -> UUID | None:
    return None if person is None else person.merged_into or person.person_id


def _known_by(kind: IdentifierKind, identifier: str | None, *, session: Session) -> Person | None:
    """Return who has an identifier; a twin of this request waits, so that nobody is made twice."""
    if identifier is None:
        return None
    index = blind_index(kind, identifier)
    _wait_for_twins(index, session=session)
    return session.scalar(select(Person).where(getattr(Person, f"{kind}_index") == index))


def _alike(person: Person, *, session: Session) -> frozenset[UUID]:
    """Return who else may be this person: same name, birth date and postcode."""
    born_that_day = select(Person).where(
        Person.birth_date == person.birth_date,
        Person.person_id != person.person_id,
        Person.merged_into.is_(None),
    )
    return frozenset(
        other.person_id
        for other in session.scalars(born_that_day)
        if other.likeness == person.likeness
    )


def _wait_for_twins(key: str, *, session: Session) -> None:
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def tell_contact_details(person: Person, *, session: Session, trace: Trace) -> None:
    """Tell how a person is called and safely reached, under every id that they have.

    A way that is not safe is not told, so that nobody can use it; nor is an NHS number that may
    be somebody else's: whoever writes by it would reach them.
    """
    records = person.under_every_id(session=session)
    nhs_numbers = (one.certain_nhs_number for one in records)
    nhs_number = next(filter(None, nhs_numbers), None)
    for one in records:
        one.contact_version += 1
        one.is_number_told = True
        changed = ContactDetailsChanged(
            occurred_at=trace.at,
            person_id=one.person_id,
            version=one.contact_version,
            given_name=person.given_name,
            family_name=person.family_name,
            language=person.language,
            is_interpreter_required=person.is_interpreter_required,
            accessible_format=person.accessible_format,
            mobile=person.mobile,
            email=person.email if person.is_safe_to_email else None,
            address_lines=person.address_lines if person.is_safe_to_post else [],
            preferred_channel=person.preferred_channel,
            is_safe_to_text=person.is_safe_to_text,
            safe_contact_said_on=person.safe_contact_said_on,
            safe_from=person.safe_from,
            safe_until=person.safe_until,
            nhs_number=nhs_number,
        )
        outbox.add(session, changed, trace=trace)
    session.flush()


def keep_safer(kept: Person, merged: Person) -> None:
    """Close each way to reach a person that is not safe by one of their two records.

    What they said of it stays; where only the merged record has that, it is taken from there.
    """
    for way in ("text", "email", "post", "ring"):
        is_safe = all(getattr(one, f"is_safe_to_{way}") for one in (kept, merged))
        setattr(kept, f"is_safe_to_{way}", is_safe)
    if kept.safe_contact_said_on is None:
        kept.safe_contact_said_on = merged.safe_contact_said_on
        kept.safe_from, kept.safe_until = merged.safe_from, merged.safe_until
        kept.safe_contact_words = merged.safe_contact_words


def record_accessible_needs(
    command: RecordAccessibleNeeds, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Keep how a person takes in what they are told, and tell of it if it is new.

    The Accessible Information Standard (DAPB1605) has six steps: to identify and to record
    these needs is done here; they are flagged on the case, shared by the event, met by
    notifications, and due for review on a day.

    Raises:
        NotFoundError: no such person.
        DateInFutureError: they were not asked yet.
    """
    person = Person.locked(command.person_id, session=session)
    check_happened(command.asked_on, today=trace.today, field="asked_on")
    _set(
        person,
        {
            "needs_asked_on": command.asked_on,
            "is_interpreter_required": command.is_interpreter_required,
            "accessible_format": command.accessible_format,
            "communication_support": command.communication_support,
            "may_share_needs": command.may_be_shared,
            "needs_review_on": command.review_on,
        },
        session=session,
        trace=trace,
    )
    return {"person_id": person.person_id, "version": person.contact_version}


def record_safe_contact(
    command: RecordSafeContact, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Keep by which ways and when it is safe to reach a person; no referral undoes it.

    Raises:
        NotFoundError: no such person.
        DateInFutureError: they have not said so yet.
    """
    person = Person.locked(command.person_id, session=session)
    check_happened(command.said_on, today=trace.today, field="said_on")
    _set(
        person,
        {
            "safe_contact_said_on": command.said_on,
            "is_safe_to_text": command.is_safe_to_text,
            "is_safe_to_email": command.is_safe_to_email,
            "is_safe_to_post": command.is_safe_to_post,
            "is_safe_to_ring": command.is_safe_to_ring,
            "safe_from": command.safe_from,
            "safe_until": command.safe_until,
            "safe_contact_words": command.words,
        },
        session=session,
        trace=trace,
    )
    return {"person_id": person.person_id, "version": person.contact_version}


def _set(person: Person, facts: Mapping[str, Any], *, session: Session, trace: Trace) -> None:
    """Set what differs, and tell of it; the same facts again change nothing."""
    if any(getattr(person, column) != value for column, value in facts.items()):
        for column, value in facts.items():
            setattr(person, column, value)
        tell_contact_details(person, session=session, trace=trace)
