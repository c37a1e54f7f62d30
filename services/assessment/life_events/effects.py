"""What a life event does to open work: cases, crises, reviews and deadlines."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.crisis import handlers as crises
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.models import Deadline
from services.assessment.deadlines.rules import Stage
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import Outcome
from services.assessment.reviews import handlers as reviews
from services.assessment.reviews import rules as review_rules
from services.assessment.reviews.commands import RequestReview
from services.assessment.reviews.models import Review
from services.assessment.reviews.rules import AskedBy, ReviewKind
from services.assessment.sign_off import ladder
from services.assessment.sign_off.models import Decision
from services.assessment.support_plans.models import Plan
from shared.trace import Trace


def locked_cases(person_id: UUID, *, session: Session) -> list[Referral]:
    """Return a person's cases, each locked, always in the same order."""
    referral_ids = session.scalars(
        select(Referral.referral_id)
        .where(Referral.person_id == person_id)
        .order_by(Referral.referral_id)
    ).all()
    return [Referral.locked(one, session=session) for one in referral_ids]


def budgets_of(cases: Sequence[Referral], *, session: Session) -> list[UUID]:
    """Return the budgets of a person's approved plans."""
    plans = [Plan.of(case.referral_id, session=session) for case in cases]
    return [plan.budget_id for plan in plans if plan is not None and plan.budget_id is not None]


# Deadlines that begin anew with what they are about, or not at all.
_NOT_REOPENED = frozenset({Stage.DECISION, Stage.REVIEW, Stage.CRISIS_HAND_BACK})
_LOOK_AGAIN = (
    "A death was recorded wrongly. What it closed is open again; a crisis plan that was in force"
    " and a budget that ended are not. See with the person what has to begin anew."
)


def close(cases: Sequence[Referral], *, session: Session, trace: Trace) -> dict[str, Any]:
    """Close a person's cases: nobody has to do anything on them any more.

    Plans stay as they are, to be read; what is asked of them is refused, as the case is closed.
    Returns what was open on each case that was, by its id.
    """
    closed = {
        str(case.referral_id): _open_on(case, session=session)
        for case in cases
        if case.outcome != Outcome.CLOSED
    }
    for case in cases:
        crises.end_with_case(case, session=session, trace=trace)
        plan = Plan.of(case.referral_id, session=session)
        if plan is not None:
            ladder.withdraw(plan, session=session, trace=trace)
        reviews.close_all(case.referral_id, session=session, trace=trace)
        deadlines.close_all(session, referral_id=case.referral_id, trace=trace)
        case.outcome = Outcome.CLOSED
    return closed


def _open_on(case: Referral, *, session: Session) -> dict[str, Any]:
    plan = Plan.of(case.referral_id, session=session)
    decision = None if plan is None else Decision.open_one(plan.plan_id, session=session)
    return {
        "outcome": case.outcome,
        "decision_id": decision and str(decision.decision_id),
        "review_ids": [
            str(one.review_id) for one in Review.open_of(case.referral_id, session=session)
        ],
        "deadline_ids": [
            str(one.deadline_id)
            for one in Deadline.open_of(case.referral_id, session=session)
            if one.stage not in _NOT_REOPENED
        ],
    }


def open_again(
    cases: Sequence[Referral], closed: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Open what a death closed that was recorded wrongly, and let somebody see to the rest.

    Reviews and deadlines keep their days, missed ones too; a decision is asked of its rung anew.
    A crisis that was stood down stays so. A budget that has ended stays ended: the next approval
    of the plan gives the person another one. A rapid review is the task that says all this.
    """
    for case in cases:
        was = closed.get(str(case.referral_id))
        if was is None:
            continue
        case.outcome = Outcome(was["outcome"])
        session.flush()
        plan = Plan.of(case.referral_id, session=session)
        if plan is not None:
            _ask_again(plan, case, was["decision_id"], session=session, trace=trace)
            plan.budget_id = None
        deadlines.open_again(session, deadline_ids=[UUID(one) for one in was["deadline_ids"]])
        reviews.open_again([UUID(one) for one in was["review_ids"]], session=session, trace=trace)
        look = RequestReview(
            review_id=uuid4(),
            referral_id=case.referral_id,
            asked_by=AskedBy.WORKER,
            trigger=_LOOK_AGAIN,
        )
        reviews.request_review(look, session=session, trace=trace)


def _ask_again(
    plan: Plan, case: Referral, decision_id: str | None, *, session: Session, trace: Trace
) -> None:
    if decision_id is None:
        return
    asked = session.get_one(Decision, UUID(decision_id))
    ladder.ask(
        asked.rung,
        plan=plan,
        referral=case,
        worry=asked.worry,
        skip_because=asked.skip_because,
        barred_ids=[UUID(one) for one in asked.barred_ids],
        session=session,
        trace=trace,
    )


def wait_for_return(
    cases: Sequence[Referral],
    *,
    admitted_on: date,
    expected_discharge_on: date | None,
    session: Session,
    trace: Trace,
) -> None:
    """Let the planned reviews of somebody in hospital wait until some days after the stay."""
    for case in cases:
        for review in _planned(case, session=session):
            to = review_rules.due_after_admission(
                due_on=review.due_on,
                admitted_on=admitted_on,
                expected_discharge_on=expected_discharge_on,
            )
            reviews.move_planned(
                case.referral_id, to=to, because="admission", session=session, trace=trace
            )


def look_again(
    cases: Sequence[Referral], *, discharged_on: date, session: Session, trace: Trace
) -> None:
    """Let the plans of somebody who left hospital be looked at soon."""
    for case in cases:
        for review in _planned(case, session=session):
            to = review_rules.due_after_discharge(due_on=review.due_on, discharged_on=discharged_on)
            reviews.move_planned(
                case.referral_id, to=to, because="discharge", session=session, trace=trace
            )


def _planned(case: Referral, *, session: Session) -> list[Review]:
    open_ones = Review.open_of(case.referral_id, session=session)
    return [review for review in open_ones if review.kind == ReviewKind.PLANNED]
