"""Finds whom a message goes to, as it is known now; nobody who has no address."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.audiences.rules import Acting, Concern, Recipient, may_hear
from services.notifications.choices.models import Choice
from services.notifications.funders.models import FunderContact
from services.notifications.people.models import (
    ActingFor,
    CareTeam,
    Person,
    every_id,
    surviving_id,
)
from services.notifications.people.rules import TEAM_ROLES, Audience
from services.notifications.second_people.models import SecondPerson


def who_hears(
    audience: Audience,
    *,
    person_id: UUID,
    concern: Concern,
    role: str | None,
    named_ids: Sequence[UUID],
    on_day: date,
    session: Session,
) -> list[Recipient]:
    """Return those in an audience who hear of what concerns a person, as it is known now.

    Args:
        audience: as what they hear.
        person_id: any id of the person, who must be known.
        concern: what it is about.
        role: of staff, in the care team; none: whichever they have.
        named_ids: of the organisations whose contacts are meant, or of the colleague.
        on_day: on which they must act for the person.
        session: of the transaction.
    """
    if audience is Audience.HOLDER:
        return [the_person(person_id, session=session)]
    if audience is Audience.REPRESENTATIVE:
        return representatives(person_id, concern=concern, on_day=on_day, session=session)
    if audience is Audience.FUNDER:
        return contacts_of(named_ids, session=session)
    if audience is Audience.SECOND:
        return second_people(named_ids, session=session)
    return colleagues(person_id, role=role, session=session)


def contacts_of(funder_ids: Sequence[UUID], *, session: Session) -> list[Recipient]:
    """Return who is named at organisations, each by the organisation's id; of some nobody is."""
    found = [session.get(FunderContact, one) for one in sorted(set(funder_ids))]
    return [
        Recipient(recipient_id=one.funder_id, name=one.name, email=one.email)
        for one in found
        if one is not None and one.name is not None
    ]


def second_people(staff_ids: Sequence[UUID], *, session: Session) -> list[Recipient]:
    """Return colleagues who were named as the second person, as they were named last."""
    found = [session.get(SecondPerson, one) for one in sorted(set(staff_ids))]
    return [
        Recipient(recipient_id=one.staff_id, name=one.name, email=one.email)
        for one in found
        if one is not None
    ]


def the_person(person_id: UUID, *, session: Session) -> Recipient:
    """Return the person, with their addresses, as the surviving record says."""
    person = session.get_one(Person, surviving_id(person_id, session=session))
    return Recipient(
        recipient_id=person_id,
        name=person.full_name,
        email=person.email,
        mobile=person.mobile,
        address_lines=person.address_lines,
    )


def representatives(
    person_id: UUID, *, concern: Concern, on_day: date, session: Session
) -> list[Recipient]:
    """Return who acts for a person and hears of something on a day, each once."""
    ids = every_id(person_id, session=session)
    choice = Choice.newest(ids, session=session)
    copied = {UUID(one) for one in choice.copied} if choice else frozenset[UUID]()
    found: dict[UUID, Recipient] = {}
    for one in acting_for(ids[0], session=session):
        if (one.email or one.mobile) and may_hear(
            one, concern=concern, on_day=on_day, copied=copied
        ):
            earlier = found.get(one.representative_id)
            if earlier is None or (one.email and not earlier.email):  # appointed twice
                found[one.representative_id] = Recipient(
                    recipient_id=one.representative_id,
                    name=one.name,
                    email=one.email,
                    mobile=None if one.email else one.mobile,
                )
    return list(found.values())


def colleagues(person_id: UUID, *, role: str | None, session: Session) -> list[Recipient]:
    """Return who works with a person, in a role or in any, and has a work address."""
    team = session.get(CareTeam, surviving_id(person_id, session=session))
    return [
        Recipient(recipient_id=UUID(one["staff_id"]), name=one["name"], email=one["email"])
        for one in (team.members if team else ())
        if one["email"] and role in {None, one["role"]}
    ]


def leading_organisation(person_id: UUID, *, session: Session) -> str | None:
    """Return the organisation that leads a person's care, as assessment names it.

    It is the one for which their care coordinator acts. None: they have none, or an earlier
    release did not keep it.
    """
    team = session.get(CareTeam, surviving_id(person_id, session=session))
    coordinator = TEAM_ROLES[Audience.COORDINATOR]
    found = [one for one in (team.members if team else ()) if one["role"] == coordinator]
    return found[0].get("organisation") if found else None


def acting_for(person_id: UUID, *, session: Session) -> Sequence[Acting]:
    """Return everybody of whom it is known that they act for a person, now or later."""
    known = session.get(ActingFor, person_id)
    return [_acting(one) for one in (known.acting if known else ())]


def _acting(one: dict[str, Any]) -> Acting:
    dates = {
        "starts_on": date.fromisoformat(one["starts_on"]),
        "ends_on": date.fromisoformat(one["ends_on"]) if one["ends_on"] else None,
    }
    return Acting(**{**one, **dates, "representative_id": UUID(one["representative_id"])})
