"""What can be asked about a person and their care team."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.people.rules import Channel, TeamRole


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """A person as a referral describes them."""

    nhs_number: str | None
    council_client_id: str | None
    given_name: str
    family_name: str
    birth_date: date
    address_lines: list[str]  # the last one is the postcode
    ethnic_category: str
    language: str
    is_interpreter_required: bool
    accessible_format: str | None
    mobile: str | None
    email: str | None
    preferred_channel: Channel
    is_safe_to_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTeamMember:
    """Put somebody in a role of a person's care team, in place of whoever had it."""

    person_id: UUID
    role: TeamRole
    staff_id: UUID
    name: str
    organisation: str
