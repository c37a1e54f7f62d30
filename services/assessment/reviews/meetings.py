"""Reviews as they were held: who was there, and what came of each goal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid5

from sqlalchemy.orm import Session

from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import check_goes_on
from services.assessment.repeats import digest, is_repeat
from services.assessment.reviews import handlers, rules
from services.assessment.reviews.commands import HoldReview, ScheduleReview
from services.assessment.reviews.models import GoalOutcome, Meeting, Review
from services.assessment.reviews.rules import NothingToReviewError, ReviewKind
from services.assessment.support_plans.models import Plan, PlanGoal
from shared.contracts.assessment.reviews import GoalOutcomeRecorded, ReviewHeld
from shared.messaging import outbox
from shared.trace import Trace


def hold_review(command: HoldReview, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Write down one meeting, once for each ``meeting_id``; it closes every review it can.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``meeting_id`` was used for another meeting.
        CaseClosedError: the person has died or moved away.
        NothingToReviewError: no review is open on that day.
        HeldInFutureError, GoalUnknownError, GoalsMissingError: see ``rules.check_meeting``.
    """
    referral = Referral.locked(command.referral_id, session=session)
    earlier = session.get(Meeting, command.meeting_id)
    if earlier is not None and is_repeat(earlier, command, field="meeting_id"):
        return _answer(command, session=session)
    check_goes_on(referral.outcome)
    plan = Plan.of(referral.referral_id, session=session)
    rules.check_meeting(
        held_on=command.held_on,
        today=trace.today,
        goals=_goals(plan, session=session),
        told=[outcome.goal for outcome in command.goals],
    )
    closed = _closed_by(command, session=session)
    _store(command, session=session, trace=trace)
    for review in closed:
        handlers.close(review, meeting_id=command.meeting_id, session=session, trace=trace)
    session.flush()
    schedule = ScheduleReview(referral_id=referral.referral_id)
    handlers.schedule_review(schedule, session=session, trace=trace)
    _tell(command, closed, referral, plan, session=session, trace=trace)
    return _answer(command, session=session)


def _goals(plan: Plan | None, *, session: Session) -> set[str]:
    """Return the goals of the approved plan, in the person's words."""
    if plan is None or plan.approved_version is None:
        return set()
    goals = PlanGoal.of(plan.plan_id, plan.approved_version, session=session)
    return {goal.words for goal in goals}


def _closed_by(command: HoldReview, *, session: Session) -> list[Review]:
    closed = [
        review
        for review in Review.open_of(command.referral_id, session=session)
        if rules.is_closed_by(opens_on=review.opens_on, held_on=command.held_on)
    ]
    if not closed:
        raise NothingToReviewError("No review of this case is open on that day.")
    return closed


def _store(command: HoldReview, *, session: Session, trace: Trace) -> None:
    session.add(
        Meeting(
            meeting_id=command.meeting_id,
            referral_id=command.referral_id,
            held_on=command.held_on,
            attendee_roles=list(command.attendee_roles),
            is_person_present=command.is_person_present,
            absent_because=command.absent_because,
            conclusions=command.conclusions,
            recorded_at=trace.at,
            request_sha256=digest(command),
        )
    )
    session.flush()
    session.add_all(
        GoalOutcome(
            meeting_id=command.meeting_id,
            position=position,
            outcome_id=uuid5(command.meeting_id, f"outcome {position}"),
            **asdict(outcome),
        )
        for position, outcome in enumerate(command.goals, start=1)
    )
    session.flush()


def _answer(command: HoldReview, *, session: Session) -> Mapping[str, Any]:
    """Return by when the plan is looked at again; the same for a repeat of the request."""
    planned = [
        review.due_on
        for review in Review.open_of(command.referral_id, session=session)
        if review.kind == ReviewKind.PLANNED
    ]
    return {"meeting_id": command.meeting_id, "next_due_on": planned[0] if planned else None}


def _tell(
    command: HoldReview,
    closed: Sequence[Review],
    referral: Referral,
    plan: Plan | None,
    *,
    session: Session,
    trace: Trace,
) -> None:
    held = ReviewHeld(
        occurred_at=trace.at,
        meeting_id=command.meeting_id,
        referral_id=referral.referral_id,
        person_id=referral.person_id,
        held_on=command.held_on,
        review_ids=[review.review_id for review in closed],
        clocks=sorted({clock for review in closed for clock in review.clocks}),
        is_person_present=command.is_person_present,
        next_due_on=_answer(command, session=session)["next_due_on"],
    )
    outbox.add(session, held, trace=trace)
    if plan is not None:
        for outcome in command.goals:
            event = GoalOutcomeRecorded(
                occurred_at=trace.at,
                meeting_id=command.meeting_id,
                person_id=referral.person_id,
                plan_id=plan.plan_id,
                goal=outcome.goal,
                self_rating=outcome.self_rating,
                quote=outcome.words if outcome.may_quote else None,
            )
            outbox.add(session, event, trace=trace)
