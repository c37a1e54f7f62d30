"""What is done to sign a plan off: an edit, the last signature, a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.people.models import TeamMembership
from services.assessment.people.rules import TeamRole
from services.assessment.reasons import rules as reasons
from services.assessment.reasons.rules import DecisionOutcome
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import outcome_after
from services.assessment.settings import LadderSettings
from services.assessment.sign_off import ladder, rules
from services.assessment.sign_off.commands import DecidePlan
from services.assessment.sign_off.models import DecidedItem, Decision
from services.assessment.sign_off.rules import Rung
from services.assessment.signatures import handlers as signing
from services.assessment.signatures.commands import SignPlan
from services.assessment.signatures.models import Signature
from services.assessment.signatures.rules import SigningRole, check_signed, missing_roles
from services.assessment.support_plans import handlers as support_plans
from services.assessment.support_plans.commands import DraftPlan
from services.assessment.support_plans.models import Plan, PlanItem, PlanVersion
from services.assessment.support_plans.rules import check_latest, state_after
from shared.trace import Trace

APPROVING = (DecisionOutcome.APPROVE, DecisionOutcome.APPROVE_IN_PART)

# Read once: a process keeps its settings.
ladder_settings = cache(LadderSettings.from_environment)


def draft_plan(command: DraftPlan, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Write a plan or a new version of it; an edit voids every signature, and says so.

    Raises:
        Whatever ``support_plans.handlers.draft_plan`` does.
    """
    plan, answer = support_plans.draft_plan(command, session=session, trace=trace)
    referral = session.get_one(Referral, command.referral_id)
    voided: Sequence[SigningRole] = []
    if plan.version > 1:
        voided = signing.void(
            plan.plan_id, plan.version - 1, referral=referral, session=session, trace=trace
        )
        ladder.withdraw(plan, session=session, trace=trace)
    return {**answer, "voided_signatures": voided}


def sign_plan(command: SignPlan, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Add one of the three signatures; with the last one the decision is asked for.

    Raises:
        NotKnownYetError: no such plan yet.
        PlanVersionOutdatedError, PlanNotInThatStateError: not this version, or not now.
        ContentDiffersError, SignatoryNotInRoleError, AlreadySignedError: not a signature.
        CapacityBasisMissingError, CapacityNotInQuestionError, RepresentativeInCareTeamError:
            nobody signs in the person's place like that.
        BudgetDeclinedError: the person declined a budget meanwhile.
    """
    plan, referral = Plan.locked(command.plan_id, session=session)
    check_latest(version=command.version, latest=plan.version)
    plan.state = state_after(plan.state, "sign")
    outcome_after(referral.outcome, "plan")
    signatures = signing.sign(command, plan=plan, referral=referral, session=session, trace=trace)
    missing = missing_roles([one.role for one in signatures])
    decision = None
    if not missing:
        plan.state = state_after(plan.state, "sign_as_last")
        decision = _ask_first(plan, referral, signatures, session=session, trace=trace)
    return {
        "plan_id": plan.plan_id,
        "signed_by": [one.role for one in signatures],
        "missing": missing,
        "decision_rung": decision and decision.rung,
        "decision_due_on": decision and decision.due_on,
    }


def _ask_first(
    plan: Plan,
    referral: Referral,
    signatures: Sequence[Signature],
    *,
    session: Session,
    trace: Trace,
) -> Decision:
    version = session.get_one(PlanVersion, (plan.plan_id, plan.version))
    coordinator = next(one for one in signatures if one.role == SigningRole.CARE_COORDINATOR)
    settings = ladder_settings()
    first = rules.first_rung(
        total_pence=version.total_pence,
        is_coordinator_comfortable=bool(coordinator.is_comfortable),
        coordinator_decides_up_to_pence=settings.coordinator_decides_up_to_pence,
        above_it_starts=Rung(settings.above_it_starts),
    )
    return ladder.begin(
        plan=plan,
        referral=referral,
        coordinator_id=coordinator.signatory_id,
        worry=None if coordinator.is_comfortable else coordinator.worry,
        first=first,
        session=session,
        trace=trace,
    )


def decide_plan(command: DecidePlan, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Decide on a signed plan, or ask the next rung. A plan keeps one budget for all versions.

    Raises:
        NotKnownYetError: no such plan yet.
        PlanVersionOutdatedError, PlanNotInThatStateError: not this version, or not now.
        SignaturesMissingError: not all three signed what the plan says.
        WrongRungError, DeciderNotInRoleError, DeciderSignedError, AlreadyDecidedError,
        NoQuorumError, ProviderDecidesAloneError: not theirs to decide, or not alone.
        NoRungAboveError, RungSkippedError: it does not go up like that.
        ItemOutcomeError, RefusalUnexplainedError: it does not say what it must.
        BudgetDeclinedError: the person declined a budget meanwhile.
    """
    plan, referral = Plan.locked(command.plan_id, session=session)
    check_latest(version=command.version, latest=plan.version)
    signatures = _check_signed(plan, session=session)
    plan.state = state_after(plan.state, command.outcome)
    is_approving = command.outcome in APPROVING
    after = outcome_after(referral.outcome, "approve" if is_approving else "plan")
    decision = Decision.open_one(plan.plan_id, session=session)
    assert decision is not None  # noqa: S101  # nosec B101  # a signed plan always waits for one
    items = PlanItem.of(plan.plan_id, plan.version, session=session)
    _check_theirs(command, decision, referral, signatures, items, session=session)
    _check_said(command, items)
    referral.outcome = after
    decided = _record(decision, command, session=session, trace=trace)
    if command.outcome == DecisionOutcome.ESCALATE:
        asked = _escalate(command, plan, referral, session=session, trace=trace)
        return _answer(decision, next_rung=asked.rung, due_on=asked.due_on)
    deadlines.meet(session, stage=Stage.DECISION, about_id=plan.plan_id, trace=trace)
    if is_approving:
        approved = ladder.approve(
            plan, decision, referral, _approved(items, decided), session=session, trace=trace
        )
        if command.outcome == DecisionOutcome.APPROVE_IN_PART:
            ladder.tell_refused(decision, referral, decided, session=session, trace=trace)
        return _answer(decision, budget_id=approved, approved_at=trace.at)
    if command.outcome == DecisionOutcome.REFUSE:
        ladder.tell_refused(decision, referral, decided, session=session, trace=trace)
    else:
        ladder.tell_returned(decision, referral, decided, session=session, trace=trace)
    return _answer(decision)


def _answer(decision: Decision, **more: Any) -> Mapping[str, Any]:
    common = {"budget_id": None, "approved_at": None, "next_rung": None, "due_on": None}
    return {
        "decision_id": decision.decision_id,
        "outcome": decision.outcome,
        **common,
        **more,
    }


def _check_signed(plan: Plan, *, session: Session) -> list[Signature]:
    """Return the three signatures, each over what the plan says now."""
    version = session.get_one(PlanVersion, (plan.plan_id, plan.version))
    signatures = Signature.valid(plan.plan_id, plan.version, session=session)
    check_signed(
        {one.role: (one.signatory_id, one.content_sha256) for one in signatures},
        content_sha256=version.content_sha256,
    )
    return signatures


def _check_theirs(
    command: DecidePlan,
    decision: Decision,
    referral: Referral,
    signatures: Sequence[Signature],
    items: Sequence[PlanItem],
    *,
    session: Session,
) -> None:
    """Make sure that whoever decides may, with those who must be there."""
    team = TeamMembership.present(referral.person_id, session=session)
    decider = next((member for member in team if member.role == TeamRole(command.rung)), None)
    rules.check_decider(
        rung=command.rung,
        asked_rung=decision.rung,
        decider_id=command.decider_id,
        rightful_id=decider.staff_id if decider else None,
    )
    members = [one for one in command.attendees if one.capacity != rules.Capacity.GUEST]
    second = _second(command, team)
    rules.check_nobody_twice(
        rung=command.rung,
        decider_id=command.decider_id,
        others=[
            *(member.attendee_id for member in members),
            *([second.staff_id] if second else []),
        ],
        signatory_ids=[signature.signatory_id for signature in signatures],
        earlier_ids=_earlier(decision, session=session),
    )
    rules.check_quorum(command.rung, capacities=[one.capacity for one in command.attendees])
    rules.check_not_alone(
        decider_works_for=decider.employer if decider else "",
        payees=[item.payee for item in items],
        co_signatory_works_for=second.employer if second else None,
    )


def _second(command: DecidePlan, team: Sequence[TeamMembership]) -> TeamMembership | None:
    """Return the second signatory of a decision, if one was named."""
    if command.co_signatory_id is None:
        return None
    second = next((one for one in team if one.staff_id == command.co_signatory_id), None)
    if second is None:
        raise rules.DeciderNotInRoleError(
            "The second signatory is not in the care team.", field="co_signatory_id"
        )
    return second


def _earlier(decision: Decision, *, session: Session) -> set[UUID]:
    """Return who has decided on this version before, or is barred after an appeal."""
    steps = Decision.of(decision.plan_id, decision.version, session=session)
    decided = {one for step in steps for one in step.deciding_ids}
    return decided | {UUID(barred) for step in steps for barred in step.barred_ids}


def _check_said(command: DecidePlan, items: Sequence[PlanItem]) -> None:
    reasons.check_items(
        command.outcome,
        item_ids={item.item_id for item in items},
        said={one.item_id: (one.outcome, one.reasons) for one in command.items},
    )
    reasons.check_explained(
        command.outcome,
        reasons=command.reasons,
        evidence=command.evidence,
        alternatives=command.alternatives,
        appeal_route=command.appeal_route,
    )
    if command.outcome == DecisionOutcome.ESCALATE:
        to = command.escalate_to or rules.rung_above(command.rung)
        rules.check_escalation(command.rung, to=to, skip_because=command.skip_because)


def _record(
    decision: Decision, command: DecidePlan, *, session: Session, trace: Trace
) -> list[DecidedItem]:
    """Store what was decided, by whom, on what, and why."""
    decision.outcome = command.outcome
    decision.decider_id = command.decider_id
    decision.co_signatory_id = command.co_signatory_id
    decision.attendees = [
        {"attendee_id": str(one.attendee_id), "capacity": one.capacity.value}
        for one in command.attendees
    ]
    decision.was_person_present = command.was_person_present
    decision.reasons = command.reasons
    decision.evidence = list(command.evidence)
    decision.alternatives = command.alternatives
    decision.appeal_route = command.appeal_route
    decision.backing = command.backing
    decision.decided_at = trace.at
    decided = [
        DecidedItem(decision_id=decision.decision_id, **asdict(item)) for item in command.items
    ]
    session.flush()
    session.add_all(decided)
    session.flush()
    return decided


def _escalate(
    command: DecidePlan, plan: Plan, referral: Referral, *, session: Session, trace: Trace
) -> Decision:
    return ladder.ask(
        command.escalate_to or rules.rung_above(command.rung),
        plan=plan,
        referral=referral,
        worry=command.reasons,
        skip_because=command.skip_because,
        session=session,
        trace=trace,
    )


def _approved(items: Sequence[PlanItem], decided: Sequence[DecidedItem]) -> list[PlanItem]:
    refused = {one.item_id for one in decided if one.outcome != reasons.ItemOutcome.APPROVE}
    return [item for item in items if item.item_id not in refused]
