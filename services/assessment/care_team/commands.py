"""What can be asked about a person's care team."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.care_team.rules import OfferAnswer, Support
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOffer:
    """Somebody who could help with a budget was offered, and this is the answer."""

    offer_id: UUID  # chosen by the sender; when the answer changes, that is a new offer
    referral_id: UUID
    support: Support
    offered_on: date
    offered_by_role: str
    answer: OfferAnswer
    person_words: str | None
