"""What is done with a support plan."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.care_team.models import SupportOffer
from services.assessment.dates import check_happened, working_days_after
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.people.models import TeamMembership
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import outcome_after
from services.assessment.repeats import digest, is_repeat
from services.assessment.support_plans import rules
from services.assessment.support_plans.commands import DraftPlan, RecordInterview, SubmitPlan
from services.assessment.support_plans.models import (
    Interview,
    Plan,
    PlanGoal,
    PlanItem,
    PlanVersion,
)
from services.assessment.support_plans.rules import Mode, PlanState
from shared.contracts import documents
from shared.contracts.assessment.support_plans import PlanSubmitted
from shared.errors import IdReusedError
from shared.messaging import outbox
from shared.trace import Trace


def draft_plan(
    command: DraftPlan, *, session: Session, trace: Trace
) -> tuple[Plan, Mapping[str, Any]]:
    """Write a plan, or a new version of it; ``sign_off`` voids what was signed before.

    Raises:
        NotKnownYetError: the referral or its indicative budget has not arrived.
        AmountNotToldError: the person does not know yet what they may plan with.
        BudgetDeclinedError: the person declined a budget.
        SupportNotOfferedError: they were to plan without help.
        AnotherPlanError: the referral has a plan under another id.
        IdReusedError: ``plan_id`` is the plan of another referral, or an item is of another plan.
        GoalUnknownError, PartUnknownError: an item serves nothing, or belongs nowhere.
        ExcludedError: a rule keeps an item out of a budget.
        ModeUnfitError: a part is run in no way that there is.
        SubstituteMissingError, CapAboveReserveError: the crisis plan could not be followed.
        BudgetInUseError: the plan has a budget and nothing it would pay.
    """
    referral = Referral.locked(command.referral_id, session=session)
    referral.outcome = outcome_after(referral.outcome, "plan")
    SupportOffer.check_made(command.referral_id, session=session)
    indicative = IndicativeBudget.check_told(referral.referral_id, session=session)
    _check_content(command, reserve_pence=indicative.reserve_pence)
    plan = _open(command, session=session)
    _check_items_new_or_own(command, session=session)
    version = _version(command, plan, trace=trace)
    session.add(version)
    session.flush()
    session.add_all(_goals(command, version=plan.version))
    session.add_all(_items(command, version=plan.version))
    session.flush()
    return plan, {
        "plan_id": plan.plan_id,
        "version": plan.version,
        "content_sha256": version.content_sha256,
        "total_pence": version.total_pence,
    }


def _check_content(command: DraftPlan, *, reserve_pence: int) -> None:
    goal_ids = {goal.goal_id for goal in command.goals}
    part_ids = {part.part_id for part in command.parts}
    for part in command.parts:
        rules.check_mode(control_level=part.control_level, mode=part.mode)
    for item in command.items:
        rules.check_known(item.goal_ids, goal_ids=goal_ids, field="items.goal_ids")
        rules.check_item(
            part_id=item.part_id,
            part_ids=part_ids,
            category=item.category,
            merchant_category_code=item.merchant_category_code,
        )
    wanted_for = [one.goal_id for one in command.wanted_but_unavailable if one.goal_id is not None]
    rules.check_known(wanted_for, goal_ids=goal_ids, field="wanted_but_unavailable.goal_id")
    crisis_plan = command.crisis_plan
    rules.check_crisis_plan(
        has_direct_part=any(part.mode == Mode.DIRECT for part in command.parts),
        has_crisis_plan=crisis_plan is not None,
        has_substitute=crisis_plan is not None and crisis_plan.substitute_manager is not None,
        cap_pence=crisis_plan.cap_pence if crisis_plan else 0,
        reserve_pence=reserve_pence,
    )


def _open(command: DraftPlan, *, session: Session) -> Plan:
    """Return the plan with its next version's number, new or drafted again."""
    plan = session.get(Plan, command.plan_id, with_for_update=True, populate_existing=True)
    if plan is not None and plan.referral_id != command.referral_id:
        raise IdReusedError("This is the plan of another referral.", field="plan_id")
    if plan is not None:
        rules.check_still_paid(has_budget=plan.budget_id is not None, has_items=bool(command.items))
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


def _check_items_new_or_own(command: DraftPlan, *, session: Session) -> None:
    """Refuse an item of another plan: money would be looked for there, and taken from there.

    Who drafts chooses the ids. Of two who choose the same one at a time, the second waits.
    """
    item_ids = sorted(str(item.item_id) for item in command.items)
    for item_id in item_ids:
        one_at_a_time = func.pg_advisory_xact_lock(func.hashtextextended(f"item/{item_id}", 0))
        session.execute(select(one_at_a_time))
    if PlanItem.is_elsewhere(item_ids, plan_id=command.plan_id, session=session):
        raise IdReusedError("This is an item of another plan.", field="items.item_id")


def _version(command: DraftPlan, plan: Plan, *, trace: Trace) -> PlanVersion:
    content = asdict(command)
    stored = documents.plain(content)
    return PlanVersion(
        plan_id=plan.plan_id,
        version=plan.version,
        content_sha256=rules.content_sha256(content),
        total_pence=sum(item.total_pence for item in command.items),
        parts=stored["parts"],
        preferences=stored["preferences"],
        six_features=stored["six_features"],
        risks=stored["risks"],
        risk_of_doing_nothing=command.risk_of_doing_nothing,
        wanted_but_unavailable=stored["wanted_but_unavailable"],
        crisis_plan=stored["crisis_plan"],
        crisis_plan_declined_because=command.crisis_plan_declined_because,
        drafted_at=trace.at,
    )


def _goals(command: DraftPlan, *, version: int) -> list[PlanGoal]:
    return [
        PlanGoal(plan_id=command.plan_id, version=version, position=position, **asdict(goal))
        for position, goal in enumerate(command.goals, start=1)
    ]


def _items(command: DraftPlan, *, version: int) -> list[PlanItem]:
    return [
        PlanItem(
            plan_id=command.plan_id,
            version=version,
            position=position,
            **asdict(item) | {"goal_ids": [str(goal_id) for goal_id in item.goal_ids]},
        )
        for position, item in enumerate(command.items, start=1)
    ]


def record_interview(
    command: RecordInterview, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Keep that broker and person talked the plan over, once for each ``interview_id``.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``interview_id`` was used for another interview.
        DateInFutureError, InterviewerNotBrokerError: it is none.
    """
    referral = Referral.locked(command.referral_id, session=session)
    earlier = session.get(Interview, command.interview_id)
    if is_repeat(earlier, command, field="interview_id"):
        return {"interview_id": command.interview_id}
    team = TeamMembership.present(referral.person_id, session=session)
    check_happened(command.held_on, today=trace.today, field="held_on")
    rules.check_interviewer(
        broker_id=command.broker_id,
        rightful_id=next((one.staff_id for one in team if one.role == "broker"), None),
    )
    interview = Interview(request_sha256=digest(command), recorded_at=trace.at, **asdict(command))
    session.add(interview)
    return {"interview_id": interview.interview_id}


def submit_plan(command: SubmitPlan, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Put a version of a plan before the three who sign it.

    Raises:
        NotKnownYetError: no such plan yet.
        PlanVersionOutdatedError, PlanNotInThatStateError: not this version, or not now.
        TeamIncompleteError: there is no broker or no care coordinator who could sign.
        InterviewMissingError: nobody talked it over with the person.
    """
    plan, referral = Plan.locked(command.plan_id, session=session)
    rules.check_latest(version=command.version, latest=plan.version)
    plan.state = rules.state_after(plan.state, "submit")
    outcome_after(referral.outcome, "plan")
    team = TeamMembership.present(referral.person_id, session=session)
    rules.check_team([member.role for member in team])
    rules.check_interviewed(is_interviewed=Interview.is_held(plan.referral_id, session=session))
    version = session.get_one(PlanVersion, (plan.plan_id, plan.version))
    version.submitted_at = trace.at
    deadlines.start(
        session,
        referral_id=plan.referral_id,
        stage=Stage.SIGNATURE,
        about_id=plan.plan_id,
        role="care_coordinator",
        due_on=working_days_after(trace.today, working_days=rules.SIGN_WITHIN_WORKING_DAYS),
        trace=trace,
    )
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
