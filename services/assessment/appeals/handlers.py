"""What is done with an appeal."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.appeals import rules
from services.assessment.appeals.commands import DecideAppeal, LodgeAppeal, RecordReportingLine
from services.assessment.appeals.models import Appeal, ReportingLine
from services.assessment.appeals.rules import AppealOutcome, AppealState
from services.assessment.dates import working_days_after
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.people.models import TeamMembership
from services.assessment.referrals.models import Referral
from services.assessment.repeats import digest, is_repeat
from services.assessment.sign_off import ladder
from services.assessment.sign_off.models import Decision
from services.assessment.sign_off.rules import LADDER, Rung, rung_above
from services.assessment.signatures.models import Signature
from services.assessment.support_plans.models import Plan
from services.assessment.support_plans.rules import PlanState, state_after
from shared.contracts.assessment.appeals import AppealDecided, AppealLodged
from shared.errors import NotFoundError, NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace

ROLE = "appeal_decider"  # whose task it is


def lodge_appeal(command: LodgeAppeal, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Take an appeal against a refusal, once for each ``appeal_id``, and start its clock.

    Raises:
        NotFoundError: no such decision.
        IdReusedError: ``appeal_id`` was used for another appeal.
        NothingToAppealError: nothing was refused there.
        AppealOpenError: it is being looked at already.
    """
    _, plan, referral = _locked(command.decision_id, session=session)
    decision = session.get_one(Decision, command.decision_id)
    earlier = session.get(Appeal, command.appeal_id)
    if earlier is not None and is_repeat(earlier, command, field="appeal_id"):
        return _lodged(earlier)
    rules.check_appealable(decision.outcome)
    rules.check_only_open(is_open=Appeal.is_open(command.decision_id, session=session))
    appeal = Appeal(
        referral_id=referral.referral_id,
        state=AppealState.LODGED,
        lodged_at=trace.at,
        due_on=working_days_after(trace.today, working_days=rules.DECIDE_WITHIN_WORKING_DAYS),
        request_sha256=digest(command),
        **asdict(command),
    )
    session.add(appeal)
    session.flush()
    deadlines.start(
        session,
        referral_id=referral.referral_id,
        stage=Stage.APPEAL,
        about_id=appeal.appeal_id,
        role=ROLE,
        due_on=appeal.due_on,
        trace=trace,
    )
    lodged = AppealLodged(
        occurred_at=trace.at,
        appeal_id=appeal.appeal_id,
        decision_id=decision.decision_id,
        plan_id=plan.plan_id,
        person_id=referral.person_id,
        plan_version=decision.version,
        due_on=appeal.due_on,
    )
    outbox.add(session, lodged, trace=trace)
    return _lodged(appeal)


def _lodged(appeal: Appeal) -> Mapping[str, Any]:
    return {"appeal_id": appeal.appeal_id, "due_on": appeal.due_on}


def _locked(decision_id: UUID, *, session: Session) -> tuple[Decision, Plan, Referral]:
    """Return a decision with its plan and its case, which is locked."""
    decision = session.get(Decision, decision_id)
    if decision is None:
        raise NotFoundError("No such decision.", decision_id=str(decision_id))
    plan, referral = Plan.locked(decision.plan_id, session=session)
    session.refresh(decision)
    return decision, plan, referral


def decide_appeal(command: DecideAppeal, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Decide on an appeal. If the person was right, the refused plan is decided on anew.

    It is asked of the next rung (the panel's own case comes back to the panel), and nobody who
    decided before, on the plan or on the appeal, decides then. Where a part was refused, the
    rest goes on, and what the person was right about goes into the next version of the plan.

    Raises:
        NotKnownYetError: no such appeal yet.
        AppealDecidedError: it was decided on.
        DecidedBeforeError, DeciderSubordinateError, ReportingLineUnknownError: not theirs.
        NextRouteMissingError: the person is left with nowhere to go.
    """
    decision_id = session.scalar(
        select(Appeal.decision_id).where(Appeal.appeal_id == command.appeal_id)
    )
    if decision_id is None:
        raise NotKnownYetError("This appeal is not here yet.", appeal_id=str(command.appeal_id))
    decision, plan, referral = _locked(decision_id, session=session)
    appeal = session.get_one(Appeal, command.appeal_id, populate_existing=True)
    state = rules.state_after(appeal.state, command.outcome)
    _check_new(command, decision, referral, session=session)
    rules.check_next_route(command.outcome, next_route=command.next_route)
    appeal.state = state
    appeal.decider_id = command.decider_id
    appeal.decider_role = command.decider_role
    appeal.reasons = command.reasons
    appeal.evidence = list(command.evidence)
    appeal.next_route = command.next_route
    appeal.decided_at = trace.at
    if command.outcome == AppealOutcome.UPHELD:
        appeal.is_reopened = _reopen(appeal, decision, plan, referral, session=session, trace=trace)
    deadlines.meet(session, stage=Stage.APPEAL, about_id=appeal.appeal_id, trace=trace)
    decided = AppealDecided(
        occurred_at=trace.at,
        appeal_id=appeal.appeal_id,
        decision_id=decision.decision_id,
        plan_id=plan.plan_id,
        person_id=referral.person_id,
        outcome=command.outcome,
        reasons=command.reasons,
        is_reopened=appeal.is_reopened,
        next_route=command.next_route,
    )
    outbox.add(session, decided, trace=trace)
    return {"appeal_id": appeal.appeal_id, "is_reopened": appeal.is_reopened}


def _check_new(
    command: DecideAppeal, decision: Decision, referral: Referral, *, session: Session
) -> None:
    """Make sure that somebody decides who had no hand in the first decision."""
    steps = Decision.of(decision.plan_id, decision.version, session=session)
    deciders = {one for step in steps for one in step.deciding_ids}
    signed = Signature.of(decision.plan_id, decision.version, session=session)
    team = TeamMembership.present(referral.person_id, session=session)
    rules.check_decider(
        decider_id=command.decider_id,
        involved_ids=deciders
        | {signature.signatory_id for signature in signed}
        | {member.staff_id for member in team},
        first_decider_ids=deciders,
        lines=ReportingLine.all_above(command.decider_id, session=session),
    )


def _reopen(
    appeal: Appeal,
    decision: Decision,
    plan: Plan,
    referral: Referral,
    *,
    session: Session,
    trace: Trace,
) -> bool:
    """Ask for a new decision on a refused plan, if it still is the plan. Tell whether."""
    if plan.version != decision.version or plan.state != PlanState.REFUSED:
        return False
    plan.state = state_after(plan.state, "reopen")
    ladder.ask(
        LADDER[-1] if decision.rung == LADDER[-1] else rung_above(Rung(decision.rung)),
        plan=plan,
        referral=referral,
        worry=appeal.grounds,
        barred_ids=[appeal.decider_id] if appeal.decider_id else [],
        session=session,
        trace=trace,
    )
    return True


def record_reporting_line(
    command: RecordReportingLine, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Record to whom somebody reports, in place of what was recorded before.

    Raises:
        ReportingCircleError: they would report to themselves.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(ROLE, 0))))
    lines: Mapping[UUID, UUID | None] = {}
    if command.reports_to_id is not None:
        lines = ReportingLine.all_above(command.reports_to_id, session=session)
    rules.check_no_circle(command.staff_id, reports_to_id=command.reports_to_id, lines=lines)
    session.merge(ReportingLine(recorded_at=trace.at, **asdict(command)))
    return {"staff_id": command.staff_id}
