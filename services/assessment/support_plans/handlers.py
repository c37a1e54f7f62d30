"""What is done with a support plan."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from services.assessment.care_team.models import SupportOffer
from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.people.models import TeamMembership
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import outcome_after
from services.assessment.support_plans import rules
from services.assessment.support_plans.commands import DraftPlan, SubmitPlan
from services.assessment.support_plans.models import Plan, PlanItem, PlanVersion
from services.assessment.support_plans.rules import PlanState
from shared.contracts.assessment.support_plans import PlanSubmitted
from shared.errors import IdReusedError
from shared.messaging import outbox
from shared.trace import Trace


def draft_plan(command: DraftPlan, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Write a plan, or a new version of it, for which no signature counts any more.

    Raises:
        NotKnownYetError: the referral or its indicative budget has not arrived.
        AmountNotToldError: the person does not know yet what they may plan with.
        BudgetDeclinedError: the person declined a budget.
        SupportNotOfferedError: they were to plan without help.
        AnotherPlanError: the referral has a plan under another id.
        IdReusedError: ``plan_id`` is the plan of another referral.
    """
    referral = Referral.locked(command.referral_id, session=session)
    IndicativeBudget.check_told(referral.referral_id, session=session)
    referral.outcome = outcome_after(referral.outcome, "plan")
    SupportOffer.check_made(command.referral_id, session=session)
    plan = _open(command, session=session)
    content = asdict(command)
    version = PlanVersion(
        plan_id=plan.plan_id,
        version=plan.version,
        content_sha256=rules.content_sha256(content),
        total_pence=sum(item.total_pence for item in command.items),
        crisis_plan=content["crisis_plan"],
        crisis_plan_declined_because=command.crisis_plan_declined_because,
        drafted_at=trace.at,
    )
    session.add(version)
    session.flush()
    session.add_all(_items(command, version=plan.version))
    return {
        "plan_id": plan.plan_id,
        "version": plan.version,
        "content_sha256": version.content_sha256,
        "total_pence": version.total_pence,
    }


def _open(command: DraftPlan, *, session: Session) -> Plan:
    """Return the plan with its next version's number, new or drafted again."""
    plan = session.get(Plan, command.plan_id, with_for_update=True, populate_existing=True)
    if plan is not None and plan.referral_id != command.referral_id:
        raise IdReusedError("This is the plan of another referral.", field="plan_id")
    if plan is not None:
        plan.state = rules.state_after(plan.state, "draft")
        plan.version += 1
        return plan
    rules.check_only_plan(is_only_one=Plan.of(command.referral_id, session=session) is None)
    plan = Plan(
        plan_id=command.plan_id, referral_id=command.referral_id, state=PlanState.DRAFT, version=1
    )
    session.add(plan)
    session.flush()
    return plan


def _items(command: DraftPlan, *, version: int) -> list[PlanItem]:
    return [
        PlanItem(plan_id=command.plan_id, version=version, position=position, **asdict(item))
        for position, item in enumerate(command.items, start=1)
    ]


def submit_plan(command: SubmitPlan, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Put a version of a plan before the three who sign it.

    Raises:
        NotKnownYetError: no such plan yet.
        PlanVersionOutdatedError, PlanNotInThatStateError: not this version, or not now.
        TeamIncompleteError: there is no broker or no care coordinator who could sign.
    """
    plan, referral = Plan.locked(command.plan_id, session=session)
    rules.check_latest(version=command.version, latest=plan.version)
    plan.state = rules.state_after(plan.state, "submit")
    outcome_after(referral.outcome, "plan")
    team = TeamMembership.present(referral.person_id, session=session)
    rules.check_team([member.role for member in team])
    version = session.get_one(PlanVersion, (plan.plan_id, plan.version))
    version.submitted_at = trace.at
    submitted = PlanSubmitted(
        occurred_at=trace.at,
        plan_id=plan.plan_id,
        person_id=referral.person_id,
        version=plan.version,
        content_sha256=version.content_sha256,
    )
    outbox.add(session, submitted, trace=trace)
    return {
        "plan_id": plan.plan_id,
        "version": plan.version,
        "content_sha256": version.content_sha256,
    }
