"""Which reviews a case has."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.reviews.models import Review


def shown(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return the reviews of a case, the earliest due first."""
    reviews = select(Review).where(Review.referral_id == referral_id)
    return [
        {
            "review_id": review.review_id,
            "kind": review.kind,
            "trigger": review.trigger,
            "requested_at": review.requested_at,
            "due_on": review.due_on,
        }
        for review in session.scalars(reviews.order_by(Review.due_on, Review.requested_at))
    ]
