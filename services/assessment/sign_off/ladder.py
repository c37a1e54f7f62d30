"""One rung after another is asked, and the others are told what came of it."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.assessment.dates import working_days_after
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.reasons.rules import DecisionOutcome
from services.assessment.referrals.models import Referral
from services.assessment.sign_off import rules
from services.assessment.sign_off.models import DecidedItem, Decision
from services.assessment.sign_off.rules import Rung
from services.assessment.support_plans.models import Plan, PlanGoal, PlanItem, PlanVersion
from shared.contracts.assessment.sign_off import (
    ApprovedItem,
    ItemGoal,
    ItemReasons,
    PlanApproved,
    PlanEscalated,
    PlanRefused,
    PlanReturned,
    PlanWithoutMoneyApproved,
)
from shared.messaging import outbox
from shared.trace import Trace


def ask(
    rung: Rung,
    *,
    plan: Plan,
    referral: Referral,
    worry: str | None = None,
    skip_because: str | None = None,
    barred_ids: Sequence[UUID] = (),
    session: Session,
    trace: Trace,
) -> Decision:
    """Ask a rung to decide on the plan's latest version, and start its clock."""
    version = session.get_one(PlanVersion, (plan.plan_id, plan.version))
    indicative = IndicativeBudget.latest(referral.referral_id, session=session)
    decision = Decision(
        decision_id=uuid4(),
        plan_id=plan.plan_id,
        version=plan.version,
        step=len(Decision.of(plan.plan_id, plan.version, session=session)) + 1,
        rung=rung,
        total_pence=version.total_pence,
        indicative_pence=indicative.total_pence if indicative else 0,
        worry=worry,
        skip_because=skip_because,
        barred_ids=[str(barred) for barred in barred_ids],
        asked_at=trace.at,
        due_on=working_days_after(trace.today, working_days=rules.DECIDE_WITHIN_WORKING_DAYS[rung]),
    )
    session.add(decision)
    session.flush()
    deadlines.start(
        session,
        referral_id=referral.referral_id,
        stage=Stage.DECISION,
        about_id=plan.plan_id,
        role=rung,
        due_on=decision.due_on,
        trace=trace,
    )
    if rules.is_escalated(rung):
        outbox.add(session, _escalated(decision, referral, trace=trace), trace=trace)
    return decision


def _escalated(decision: Decision, referral: Referral, *, trace: Trace) -> PlanEscalated:
    return PlanEscalated(
        occurred_at=trace.at,
        plan_id=decision.plan_id,
        person_id=referral.person_id,
        version=decision.version,
        rung=decision.rung,
        decision_due_on=decision.due_on,
    )


def begin(
    *,
    plan: Plan,
    referral: Referral,
    coordinator_id: UUID,
    worry: str | None,
    first: Sequence[Rung],
    session: Session,
    trace: Trace,
) -> Decision:
    """Ask whoever decides first about a plan that all three have signed.

    Where the coordinator could decide and is not sure, their step is on the record: they said
    so as they signed, with the worry, and the next rung is asked.
    """
    decision = ask(first[0], plan=plan, referral=referral, worry=None, session=session, trace=trace)
    if len(first) == 1 or worry is None:
        decision.worry = worry
        return decision
    decision.outcome = DecisionOutcome.ESCALATE
    decision.decider_id = coordinator_id
    decision.reasons = worry
    decision.decided_at = trace.at
    session.flush()
    return ask(first[1], plan=plan, referral=referral, worry=worry, session=session, trace=trace)


def withdraw(plan: Plan, *, session: Session, trace: Trace) -> None:
    """Ask nobody about a plan any more: it was edited, or there is nothing left to decide."""
    decision = Decision.open_one(plan.plan_id, session=session)
    if decision is not None:
        decision.withdrawn_at = trace.at
        session.flush()
    deadlines.meet(session, stage=Stage.DECISION, about_id=plan.plan_id, trace=trace)


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
