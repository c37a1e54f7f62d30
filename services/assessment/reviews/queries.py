"""Which reviews a case has, what was said at them, and which plan has none ahead."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import Outcome
from services.assessment.reviews.commands import ScheduleReview
from services.assessment.reviews.models import GoalOutcome, Meeting, Review
from services.assessment.reviews.rules import ReviewKind
from services.assessment.support_plans.models import Plan

MOST_AT_ONCE = 100


def shown(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return the reviews of a case, the earliest due first."""
    reviews = select(Review).where(Review.referral_id == referral_id)
    return [
        {
            "review_id": review.review_id,
            "kind": review.kind,
            "asked_by": review.asked_by,
            "trigger": review.trigger,
            "requested_at": review.requested_at,
            "opens_on": review.opens_on,
            "due_on": review.due_on,
            "clocks": review.clocks,
            "rule_due_on": review.rule_due_on,
            "moved_because": review.moved_because,
            "closed_at": review.closed_at,
            "meeting_id": review.meeting_id,
        }
        for review in session.scalars(reviews.order_by(Review.due_on, Review.requested_at))
    ]


def meetings(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return the reviews that were held, with what came of each goal, the earliest first."""
    held = select(Meeting).where(Meeting.referral_id == referral_id)
    return [
        {
            "meeting_id": meeting.meeting_id,
            "held_on": meeting.held_on,
            "attendee_roles": meeting.attendee_roles,
            "person_present": meeting.is_person_present,
            "absent_because": meeting.absent_because,
            "conclusions": meeting.conclusions,
            "goals": _outcomes(meeting.meeting_id, session=session),
        }
        for meeting in session.scalars(held.order_by(Meeting.held_on, Meeting.recorded_at))
    ]


def _outcomes(meeting_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    outcomes = select(GoalOutcome).where(GoalOutcome.meeting_id == meeting_id)
    return [
        {
            "goal": outcome.goal,
            "words": outcome.words,
            "self_rating": outcome.self_rating,
            "may_quote": outcome.may_quote,
        }
        for outcome in session.scalars(outcomes.order_by(GoalOutcome.position))
    ]


def unscheduled(at: datetime, *, session: Session) -> list[ScheduleReview]:
    """Return the cases with an approved plan of which no planned review is set."""
    is_set = exists().where(
        Review.referral_id == Plan.referral_id,
        Review.kind == ReviewKind.PLANNED,
        Review.closed_at.is_(None),
    )
    referral_ids = session.scalars(
        select(Plan.referral_id)
        .join(Referral, Referral.referral_id == Plan.referral_id)
        .where(Plan.approved_version.is_not(None), Referral.outcome != Outcome.CLOSED, ~is_set)
        .order_by(Plan.referral_id)
        .limit(MOST_AT_ONCE)
    )
    return [ScheduleReview(referral_id=one) for one in referral_ids]
