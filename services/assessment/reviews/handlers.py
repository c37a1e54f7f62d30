"""What is done with reviews: asked for, scheduled, moved."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.dates import working_days_after
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.reasons.rules import DecisionOutcome
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import Outcome, check_goes_on
from services.assessment.repeats import digest, is_repeat
from services.assessment.reviews import rules
from services.assessment.reviews.commands import RequestReview, ScheduleReview
from services.assessment.reviews.models import Meeting, Review
from services.assessment.reviews.rules import Clock, Planned, ReviewKind
from services.assessment.sign_off.models import Decision
from services.assessment.support_plans.models import Plan, PlanItem, PlanVersion
from services.assessment.support_plans.rules import Mode
from shared.clock import day_in_london
from shared.contracts.assessment.reviews import ReviewDue
from shared.messaging import outbox
from shared.trace import Trace


class ApprovalMissingError(Exception):
    """A plan is approved and no decision says so: a fault of ours."""


PLANNED_TRIGGER = "The plan is looked at together, as the rules on reviews ask."


def request_review(command: RequestReview, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Set the date by which a rapid review is held, once for each ``review_id``.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``review_id`` was used for another review.
        CaseClosedError: the person has died or moved away.
    """
    referral = Referral.locked(command.referral_id, session=session)
    review = session.get(Review, command.review_id, populate_existing=True)
    if review is None or not is_repeat(review, command, field="review_id"):
        check_goes_on(referral.outcome)
        review = Review(
            review_id=command.review_id,
            referral_id=command.referral_id,
            kind=ReviewKind.RAPID,
            asked_by=command.asked_by,
            trigger=command.trigger,
            requested_at=trace.at,
            opens_on=trace.today,
            due_on=working_days_after(trace.today, working_days=rules.RAPID_WITHIN_WORKING_DAYS),
            request_sha256=digest(command),
        )
        _set(review, referral, session=session, trace=trace)
    return {
        "review_id": review.review_id,
        "opens_on": review.opens_on,
        "due_on": review.due_on,
    }


def _set(review: Review, referral: Referral, *, session: Session, trace: Trace) -> None:
    """Store a review, start its deadline and tell of it."""
    session.add(review)
    session.flush()
    _start_deadline(review, session=session, trace=trace)
    due = ReviewDue(
        occurred_at=trace.at,
        review_id=review.review_id,
        referral_id=review.referral_id,
        person_id=referral.person_id,
        kind=review.kind,
        due_on=review.due_on,
    )
    outbox.add(session, due, trace=trace)


def _start_deadline(review: Review, *, session: Session, trace: Trace) -> None:
    deadlines.start(
        session,
        referral_id=review.referral_id,
        stage=Stage.REVIEW,
        about_id=review.review_id,
        role="care_coordinator",
        due_on=review.due_on,
        trace=trace,
    )


def schedule_review(command: ScheduleReview, *, session: Session, trace: Trace) -> None:
    """Set the next planned review of an approved plan, if none is set.

    It counts from the last meeting at which a planned review was closed or, before there was
    one, from the first approval.
    """
    referral = Referral.locked(command.referral_id, session=session)
    plan = Plan.of(referral.referral_id, session=session)
    open_ones = Review.open_of(referral.referral_id, session=session)
    is_set = any(review.kind == ReviewKind.PLANNED for review in open_ones)
    if plan is None or plan.approved_version is None or is_set:
        return
    if referral.outcome == Outcome.CLOSED:
        return
    planned = _planned(plan, session=session)
    review = Review(
        # The same for whoever looks first, and in whatever order news of the case arrives.
        review_id=uuid5(plan.plan_id, f"planned review due on {planned.due_on}"),
        referral_id=referral.referral_id,
        kind=ReviewKind.PLANNED,
        trigger=PLANNED_TRIGGER,
        requested_at=trace.at,
        opens_on=planned.opens_on,
        due_on=planned.due_on,
        clocks=list(planned.clocks),
        rule_due_on=planned.due_on,
    )
    _set(review, referral, session=session, trace=trace)


def _planned(plan: Plan, *, session: Session) -> Planned:
    held_on = session.scalar(
        select(func.max(Meeting.held_on))
        .join(Review, Review.meeting_id == Meeting.meeting_id)
        .where(Review.referral_id == plan.referral_id, Review.kind == ReviewKind.PLANNED)
    )
    clocks = _clocks(plan, session=session)
    if held_on is not None:
        return rules.next_review(clocks, held_on=held_on)
    approvals = select(Decision.decided_at).where(
        Decision.plan_id == plan.plan_id,
        Decision.outcome.in_((DecisionOutcome.APPROVE, DecisionOutcome.APPROVE_IN_PART)),
        Decision.decided_at.is_not(None),
    )
    approved_at = session.execute(approvals.order_by(Decision.decided_at)).scalars().first()
    if approved_at is None:
        raise ApprovalMissingError(str(plan.plan_id))
    return rules.first_review(clocks, approved_on=day_in_london(approved_at))


def _clocks(plan: Plan, *, session: Session) -> list[Clock]:
    items = PlanItem.of(plan.plan_id, plan.approved_version or 0, session=session)
    version = session.get_one(PlanVersion, (plan.plan_id, plan.approved_version))
    return rules.clocks_for(
        payers={item.payer for item in items},
        has_direct_payment=any(part["mode"] == Mode.DIRECT for part in version.parts),
    )


def close_all(referral_id: UUID, *, session: Session, trace: Trace) -> None:
    """Close every review of a case that is closed. The caller has locked the case."""
    for review in Review.open_of(referral_id, session=session):
        close(review, meeting_id=None, session=session, trace=trace)


def open_again(review_ids: Sequence[UUID], *, session: Session, trace: Trace) -> None:
    """Open reviews that were closed with their case by mistake. The caller has locked the case."""
    for review in session.scalars(select(Review).where(Review.review_id.in_(review_ids))):
        review.closed_at = None
        session.flush()
        _start_deadline(review, session=session, trace=trace)


def close(review: Review, *, meeting_id: UUID | None, session: Session, trace: Trace) -> None:
    """Close one review, by a meeting or because its case is closed."""
    review.closed_at, review.meeting_id = trace.at, meeting_id
    deadlines.meet(session, stage=Stage.REVIEW, about_id=review.review_id, trace=trace)


def move_planned(
    referral_id: UUID, *, to: date, because: str, session: Session, trace: Trace
) -> None:
    """Let the planned review of a case be held by another day. The caller has locked the case."""
    for review in Review.open_of(referral_id, session=session):
        if review.kind == ReviewKind.PLANNED and review.due_on != to:
            review.due_on, review.moved_because = to, because
            review.opens_on = min(review.opens_on, to)
            _start_deadline(review, session=session, trace=trace)
