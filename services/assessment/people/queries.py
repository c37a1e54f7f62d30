"""What is known of a person and of who works with them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.people.models import Person, TeamMembership


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
        "preferred_channel": person.preferred_channel,
        "contact_version": person.contact_version,
        "care_team": [
            {
                "role": member.role,
                "staff_id": member.staff_id,
                "name": member.name,
                "organisation": member.organisation,
                "employer": member.employer,
                "since": member.started_at,
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
