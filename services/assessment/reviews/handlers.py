"""What is done with reviews."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.dates import working_days_after
from services.assessment.referrals.models import Referral
from services.assessment.reviews import rules
from services.assessment.reviews.commands import RequestReview
from services.assessment.reviews.models import Review
from shared.contracts.assessment.reviews import ReviewDue
from shared.errors import IdReusedError
from shared.messaging import outbox
from shared.trace import Trace


def request_review(command: RequestReview, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Set the date by which a review is held, once for each ``review_id``.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``review_id`` was used for another review.
    """
    referral = Referral.locked(command.referral_id, session=session)
    review = session.get(Review, command.review_id)
    if review is None:
        review = _store(command, session=session, trace=trace)
        outbox.add(session, _due(review, referral), trace=trace)
    elif not _is_same(review, command):
        raise IdReusedError("Another review has this id.", field="review_id")
    return {"review_id": review.review_id, "due_on": review.due_on}


def _store(command: RequestReview, *, session: Session, trace: Trace) -> Review:
    working_days = rules.working_days_until(command.kind)
    review = Review(
        requested_at=trace.at,
        due_on=working_days_after(trace.today, working_days=working_days),
        **asdict(command),
    )
    session.add(review)
    return review


def _is_same(review: Review, command: RequestReview) -> bool:
    asked = (command.referral_id, command.kind, command.trigger)
    return asked == (review.referral_id, review.kind, review.trigger)


def _due(review: Review, referral: Referral) -> ReviewDue:
    return ReviewDue(
        occurred_at=review.requested_at,
        review_id=review.review_id,
        referral_id=review.referral_id,
        person_id=referral.person_id,
        kind=review.kind,
        due_on=review.due_on,
    )
