"""What can be asked about reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.reviews.rules import AskedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReview:
    """Somebody asks that a case be looked at again, soon."""

    review_id: UUID
    referral_id: UUID
    asked_by: AskedBy
    trigger: str  # what happened, in the words of whoever asks


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalOutcome:
    """What came of one goal."""

    goal: str  # as the approved plan has it
    words: str  # the person's own
    self_rating: int | None  # 0 none of it … 10 all of it; nobody has to
    may_quote: bool  # the person agrees that their words are shown to others, without a name


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReview:
    """A meeting was held; it closes every review that is open."""

    meeting_id: UUID  # chosen by whoever reports it, so that a repeat is recognised
    referral_id: UUID
    held_on: date
    attendee_roles: Sequence[str]  # beside the person
    is_person_present: bool
    absent_because: str | None  # exactly when the person was not there
    conclusions: str  # what goes on, what changes
    goals: Sequence[GoalOutcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleReview:
    """A plan was approved and no planned review of it is set."""

    referral_id: UUID
