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
    ends_on: date | None  # the last day, of who is there for a time; None: until somebody else is
    email: str | None = None  # at work: only then messages about the case reach them


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAccess:
    """The last day went by of somebody who was there for a time."""

    membership_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TellNumber:
    """Somebody's NHS number is known here and was not told yet."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TellRelations:
    """Who works with somebody or acts for them was told before anybody kept relations."""

    person_id: UUID


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWorkerChange:
    """The person wants somebody else in a role."""

    request_id: UUID  # chosen by the sender, so that a repeat counts once
    referral_id: UUID
    role: TeamRole
    person_words: str
    asked_by_role: str  # person, representative, advocate, …


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorker:
    """Who comes instead."""

    staff_id: UUID
    name: str
    organisation: str
    employer: str
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWorkerChange:
    """Whether somebody else comes, and why."""

    request_id: UUID
    answered_by: UUID
    reasons: str
    new_worker: NewWorker | None  # none: not now
