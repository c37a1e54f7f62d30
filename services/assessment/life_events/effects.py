"""What a life event does to open work: cases, crises, reviews and deadlines."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.crisis import handlers as crises
from services.assessment.deadlines import handlers as deadlines
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import Outcome
from services.assessment.reviews import handlers as reviews
from services.assessment.reviews import rules as review_rules
from services.assessment.reviews.models import Review
from services.assessment.reviews.rules import ReviewKind
from services.assessment.sign_off import ladder
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


def close(cases: Sequence[Referral], *, session: Session, trace: Trace) -> None:
    """Close a person's cases: nobody has to do anything on them any more.

    Plans stay as they are, to be read; what is asked of them is refused, as the case is closed.
    """
    for case in cases:
        crises.end_with_case(case, session=session, trace=trace)
        plan = Plan.of(case.referral_id, session=session)
        if plan is not None:
            ladder.withdraw(plan, session=session, trace=trace)
        reviews.close_all(case.referral_id, session=session, trace=trace)
        deadlines.close_all(session, referral_id=case.referral_id, trace=trace)
        case.outcome = Outcome.CLOSED


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
