"""What can be asked about reviews."""

from dataclasses import dataclass
from uuid import UUID

from services.assessment.reviews.rules import ReviewKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReview:
    """Somebody asks that a case be looked at again."""

    review_id: UUID
    referral_id: UUID
    kind: ReviewKind
    trigger: str  # what happened, in the words of whoever asks
