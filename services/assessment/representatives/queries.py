"""Who acts or acted for a person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.people.models import Person
from services.assessment.representatives.commands import FindRepresentative, RepresentedAsked
from services.assessment.representatives.models import Representative
from shared import clock


def shown(person_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every appointment of a person, the earliest first."""
    return [
        {
            "appointment_id": one.appointment_id,
            "representative_id": one.representative_id,
            "kind": one.kind,
            "name": one.name,
            "scopes": one.scopes,
            "basis": one.basis,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "end_reason": one.end_reason,
        }
        for one in Representative.of(person_id, session=session)
    ]


def find_representative(asked: FindRepresentative, *, session: Session) -> Mapping[str, Any]:
    """Return who acts for somebody today and has an NHS number, or null.

    Asked by the gateway alone, when somebody signs in who is no person of ours.
    """
    today = clock.day_in_london(clock.now())
    appointments = Representative.of_number(asked.nhs_number, session=session)
    found = {one.representative_id for one in appointments if one.acts(today)}
    return {"representative_id": found.pop() if len(found) == 1 else None}


def represented(asked: RepresentedAsked, *, session: Session) -> list[Mapping[str, Any]]:
    """Return for whom somebody acts today, and in what: each appointment."""
    today = clock.day_in_london(clock.now())
    appointments = (
        select(Representative, Person)
        .join(Person, Person.person_id == Representative.person_id)
        .where(Representative.representative_id == asked.representative_id)
        .order_by(Person.family_name, Person.given_name, Representative.starts_on)
    )
    return [
        {
            "person_id": person.person_id,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "kind": one.kind,
            "scopes": one.scopes,
            "ends_on": one.ends_on,
        }
        for one, person in session.execute(appointments)
        if one.acts(today)
    ]
