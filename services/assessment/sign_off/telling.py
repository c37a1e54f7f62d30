"""What the others are told of a decision, each with what they need."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.assessment.referrals.models import Referral
from services.assessment.sign_off.models import DecidedItem, Decision
from services.assessment.sign_off.rules import DecisionOutcome
from services.assessment.support_plans.models import Plan, PlanGoal, PlanItem
from shared.contracts.assessment.sign_off import (
    ApprovedItem,
    ItemGoal,
    ItemReasons,
    PlanApproved,
    PlanRefused,
    PlanReturned,
    PlanWithoutMoneyApproved,
)
from shared.messaging import outbox
from shared.trace import Trace


def approve(
    plan: Plan,
    decision: Decision,
    referral: Referral,
    items: Sequence[PlanItem],
    *,
    session: Session,
    trace: Trace,
) -> UUID | None:
    """Put the approved items in force; return their budget, None where nothing costs money."""
    plan.approved_version = plan.version
    if not items:
        told = PlanWithoutMoneyApproved(
            occurred_at=trace.at,
            plan_id=plan.plan_id,
            person_id=referral.person_id,
            version=plan.version,
            decided_by_rung=decision.rung,
        )
        outbox.add(session, told, trace=trace)
        return None
    plan.budget_id = budget_id = plan.budget_id or uuid4()
    goals = PlanGoal.of(plan.plan_id, plan.version, session=session)
    words = {str(goal.goal_id): goal.words for goal in goals}
    approved = PlanApproved(
        occurred_at=trace.at,
        plan_id=plan.plan_id,
        person_id=referral.person_id,
        version=plan.version,
        budget_id=budget_id,
        legal_basis=referral.basis,
        total_pence=sum(item.unit_cost_pence * item.occurrences for item in items),
        decided_by_rung=decision.rung,
        items=[_approved_item(item, words) for item in items],
    )
    outbox.add(session, approved, trace=trace)
    return budget_id


def _approved_item(item: PlanItem, words: dict[str, str]) -> ApprovedItem:
    return ApprovedItem(
        item_id=item.item_id,
        description=item.description,
        category=item.category,
        unit_cost_pence=item.unit_cost_pence,
        occurrences=item.occurrences,
        rail=item.rail,
        payee=item.payee,
        merchant_category_code=item.merchant_category_code,
        payer=item.payer,
        goals=[ItemGoal(goal_id=UUID(goal_id), words=words[goal_id]) for goal_id in item.goal_ids],
    )


def tell_refused(
    decision: Decision,
    referral: Referral,
    decided: Sequence[DecidedItem],
    *,
    session: Session,
    trace: Trace,
) -> None:
    """Tell what was refused and why, what else there is, and how to appeal."""
    refused = PlanRefused(
        occurred_at=trace.at,
        plan_id=decision.plan_id,
        person_id=referral.person_id,
        version=decision.version,
        decision_id=decision.decision_id,
        is_in_part=decision.outcome == DecisionOutcome.APPROVE_IN_PART,
        decided_by_rung=decision.rung,
        reasons=decision.reasons or "",
        items=_reasons(decided),
        alternatives=decision.alternatives or "",
        appeal_route=decision.appeal_route or "",
    )
    outbox.add(session, refused, trace=trace)


def tell_returned(
    decision: Decision,
    referral: Referral,
    decided: Sequence[DecidedItem],
    *,
    session: Session,
    trace: Trace,
) -> None:
    """Tell what has to change in a plan before it is decided on, and why."""
    returned = PlanReturned(
        occurred_at=trace.at,
        plan_id=decision.plan_id,
        person_id=referral.person_id,
        version=decision.version,
        decision_id=decision.decision_id,
        decided_by_rung=decision.rung,
        reasons=decision.reasons or "",
        items=_reasons(decided),
    )
    outbox.add(session, returned, trace=trace)


def _reasons(decided: Sequence[DecidedItem]) -> list[ItemReasons]:
    return [
        ItemReasons(item_id=one.item_id, reasons=one.reasons)
        for one in decided
        if one.reasons is not None and one.outcome != "approve"
    ]
