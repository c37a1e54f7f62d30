"""What is known of a person and of who works with them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.people.commands import FindPerson
from services.assessment.people.identifiers import IdentifierKind, blind_index
from services.assessment.people.models import Person, TeamMembership


def find_person(asked: FindPerson, *, session: Session) -> Mapping[str, Any]:
    """Return the id of whoever has an identifier, or null.

    One who had two records is found by the identifiers of both.
    """
    kind, identifier = IdentifierKind.NHS_NUMBER, asked.nhs_number
    if identifier is None:
        kind, identifier = IdentifierKind.COUNCIL_CLIENT_ID, asked.council_client_id
    index = blind_index(kind, identifier or "")
    person = session.scalar(select(Person).where(getattr(Person, f"{kind}_index") == index))
    return {"person_id": person and (person.merged_into or person.person_id)}


def _safe_contact(person: Person) -> Mapping[str, Any]:
    return {
        "said_on": person.safe_contact_said_on,
        "text": person.is_safe_to_text,
        "email": person.is_safe_to_email,
        "post": person.is_safe_to_post,
        "ring": person.is_safe_to_ring,
        "from": person.safe_from,
        "until": person.safe_until,
        "words": person.safe_contact_words,
    }


def shown(person_id: UUID, *, session: Session) -> Mapping[str, Any]:
    """Return a person as somebody on their case may read them."""
    person = session.get_one(Person, person_id)
    return {
        "person_id": person.person_id,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_date": person.birth_date,
        "language": person.language,
        "is_interpreter_required": person.is_interpreter_required,
        "accessible_format": person.accessible_format,
        "communication_support": person.communication_support,
        "needs_asked_on": person.needs_asked_on,
        "may_share_needs": person.may_share_needs,
        "needs_review_on": person.needs_review_on,
        "preferred_channel": person.preferred_channel,
        "safe_contact": _safe_contact(person),
        "ethnic_category": person.ethnic_category,
        "also_known_by": [one.person_id for one in person.under_every_id(session=session)[1:]],
        "contact_version": person.contact_version,
        "care_team": [
            {
                "role": member.role,
                "staff_id": member.staff_id,
                "name": member.name,
                "organisation": member.organisation,
                "employer": member.employer,
                "since": member.started_at,
                "ends_on": member.ends_on,
            }
            for member in TeamMembership.present(person_id, session=session)
        ],
        "care_team_before": [
            {
                "role": member.role,
                "staff_id": member.staff_id,
                "name": member.name,
                "organisation": member.organisation,
                "employer": member.employer,
                "since": member.started_at,
                "until": member.ended_at,
            }
            for member in TeamMembership.ever(person_id, session=session)
            if member.ended_at is not None
        ],
    }
