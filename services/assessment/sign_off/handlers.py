"""What is done to sign a plan and to decide on it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.assessment.dates import working_days_after
from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.people.models import TeamMembership
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import outcome_after
from services.assessment.sign_off import rules
from services.assessment.sign_off.commands import DecidePlan, SignPlan
from services.assessment.sign_off.models import Decision, Signature
from services.assessment.sign_off.rules import SigningRole
from services.assessment.support_plans.models import Plan, PlanItem, PlanVersion
from services.assessment.support_plans.rules import check_latest, state_after
from shared.contracts.assessment.sign_off import (
    ApprovedItem,
    PlanApproved,
    PlanEscalated,
    PlanSigned,
)
from shared.messaging import outbox
from shared.trace import Trace


def sign_plan(command: SignPlan, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Add one of the three signatures; with the last one the decision is asked for.

    Raises:
        NotKnownYetError: no such plan yet.
        PlanVersionOutdatedError, PlanNotInThatStateError: not this version, or not now.
        ContentDiffersError, SignatoryNotInRoleError, AlreadySignedError: not a signature.
    """
    plan, referral = Plan.locked(command.plan_id, session=session)
    check_latest(version=command.version, latest=plan.version)
    plan.state = state_after(plan.state, "sign")
    outcome_after(referral.outcome, "plan")
    version = session.get_one(PlanVersion, (plan.plan_id, plan.version))
    signatures = Signature.of(plan.plan_id, plan.version, session=session)
    rules.check_signature(
        role=command.role,
        signatory_id=command.signatory_id,
        rightful_id=_who_is(command.role, referral.person_id, session=session),
        signed={signature.role: signature.signatory_id for signature in signatures},
        signed_sha256=command.content_sha256,
        content_sha256=version.content_sha256,
    )
    signature = Signature(signed_at=trace.at, **asdict(command))
    session.add(signature)
    signatures.append(signature)
    outbox.add(session, _signed(signature, referral, trace=trace), trace=trace)
    missing = rules.missing_roles([one.role for one in signatures])
    decision = None
    if not missing:
        plan.state = state_after(plan.state, "sign_as_last")
        decision = _ask_for_decision(version, signatures, referral, session=session, trace=trace)
    return {
        "plan_id": plan.plan_id,
        "signed_by": [one.role for one in signatures],
        "missing": missing,
        "decision_rung": decision and decision.rung,
        "decision_due_on": decision and decision.due_on,
    }


def _who_is(role: str, person_id: UUID, *, session: Session) -> UUID | None:
    """Return who has a role now: the person themselves, or somebody in their care team."""
    if role == SigningRole.PERSON:
        return person_id
    team = TeamMembership.present(person_id, session=session)
    return next((member.staff_id for member in team if member.role == role), None)


def _signed(signature: Signature, referral: Referral, *, trace: Trace) -> PlanSigned:
    return PlanSigned(
        occurred_at=trace.at,
        plan_id=signature.plan_id,
        person_id=referral.person_id,
        version=signature.version,
        role=signature.role,
        content_sha256=signature.content_sha256,
    )


def _ask_for_decision(
    version: PlanVersion,
    signatures: Sequence[Signature],
    referral: Referral,
    *,
    session: Session,
    trace: Trace,
) -> Decision:
    """Store with whom the decision lies and by when, and tell of it if it goes up the ladder."""
    indicative = IndicativeBudget.latest(referral.referral_id, session=session)
    decision = Decision(
        plan_id=version.plan_id,
        version=version.version,
        rung=rules.first_rung(
            total_pence=version.total_pence,
            is_coordinator_comfortable=any(one.is_comfortable for one in signatures),
        ),
        total_pence=version.total_pence,
        indicative_pence=indicative.total_pence if indicative else 0,
        asked_at=trace.at,
        due_on=working_days_after(trace.today, working_days=rules.DECIDE_WITHIN_WORKING_DAYS),
    )
    session.add(decision)
    if rules.is_escalated(decision.rung):
        escalated = PlanEscalated(
            occurred_at=trace.at,
            plan_id=decision.plan_id,
            person_id=referral.person_id,
            version=decision.version,
            rung=decision.rung,
            decision_due_on=decision.due_on,
        )
        outbox.add(session, escalated, trace=trace)
    return decision


def decide_plan(command: DecidePlan, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Approve a signed plan. Its budget has the same id for every version of the plan.

    Raises:
        NotKnownYetError: no such plan yet.
        PlanVersionOutdatedError, PlanNotInThatStateError: not this version, or not now.
        SignaturesMissingError: not all three signed what the plan says.
        WrongRungError, DeciderNotInRoleError, DeciderSignedError: not theirs to decide.
        BudgetDeclinedError: the person declined a budget meanwhile.
    """
    plan, referral = Plan.locked(command.plan_id, session=session)
    check_latest(version=command.version, latest=plan.version)
    version = session.get_one(PlanVersion, (plan.plan_id, plan.version))
    signatures = Signature.of(plan.plan_id, plan.version, session=session)
    rules.check_signed(
        {signature.role: signature.content_sha256 for signature in signatures},
        content_sha256=version.content_sha256,
    )
    plan.state = state_after(plan.state, "approve")
    referral.outcome = outcome_after(referral.outcome, "approve")
    decision = session.get_one(Decision, (plan.plan_id, plan.version))
    rules.check_decider(
        rung=command.rung,
        asked_rung=decision.rung,
        decider_id=command.decider_id,
        rightful_id=_who_is(command.rung, referral.person_id, session=session),
        signatory_ids=[signature.signatory_id for signature in signatures],
    )
    _record(decision, command, trace=trace)
    plan.budget_id = budget_id = plan.budget_id or uuid4()
    plan.approved_version = plan.version
    items = PlanItem.of(plan.plan_id, plan.version, session=session)
    approved = _approved(decision, referral, items, budget_id=budget_id, trace=trace)
    outbox.add(session, approved, trace=trace)
    return {"budget_id": budget_id, "approved_at": trace.at}


def _record(decision: Decision, command: DecidePlan, *, trace: Trace) -> None:
    decision.outcome = command.outcome
    decision.decider_id = command.decider_id
    decision.reasons = command.reasons
    decision.decided_at = trace.at


def _approved(
    decision: Decision,
    referral: Referral,
    items: Sequence[PlanItem],
    *,
    budget_id: UUID,
    trace: Trace,
) -> PlanApproved:
    return PlanApproved(
        occurred_at=trace.at,
        plan_id=decision.plan_id,
        person_id=referral.person_id,
        version=decision.version,
        budget_id=budget_id,
        legal_basis=referral.basis,
        total_pence=decision.total_pence,
        decided_by_rung=decision.rung,
        items=[_approved_item(item) for item in items],
    )


def _approved_item(item: PlanItem) -> ApprovedItem:
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
    )
