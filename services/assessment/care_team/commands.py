"""What can be asked about a person's care team."""

from dataclasses import dataclass
from uuid import UUID

from services.assessment.people.rules import TeamRole


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignTeamMember:
    """Put somebody in a role of a person's care team, in place of whoever had it."""

    person_id: UUID
    role: TeamRole
    staff_id: UUID
    name: str
    organisation: str  # for which they act
    employer: str  # which pays them
