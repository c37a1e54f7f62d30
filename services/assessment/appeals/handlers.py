"""What is done with an appeal."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.appeals import appealed, rules
from services.assessment.appeals.appealed import Appealed
from services.assessment.appeals.commands import (
    Amount,
    DecideAppeal,
    LodgeAppeal,
    RecordReportingLine,
)
from services.assessment.appeals.models import Appeal, ReportingLine
from services.assessment.appeals.rules import AppealOutcome, AppealState
from services.assessment.dates import working_days_after
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.repeats import digest, is_repeat
from shared.contracts.assessment.appeals import AppealDecided, AppealLodged
from shared.errors import NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace

ROLE = "appeal_decider"  # whose task it is


def lodge_appeal(command: LodgeAppeal, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Take an appeal, once for each ``appeal_id``, and start its clock.

    While it is open against a reduction, the amount before that stands.

    Raises:
        NotFoundError: no such decision, no such refusal, or no such amount.
        IdReusedError: ``appeal_id`` was used for another appeal.
        NothingToAppealError: nothing was refused there.
        AmountReplacedError, CaseClosedError: the amount does not count any more.
        AppealOpenError: it is being looked at already.
    """
    amount = command.amount
    about = appealed.find(
        decision_id=command.decision_id,
        refusal_id=command.refusal_id,
        amount=amount,
        session=session,
    )
    earlier = session.get(Appeal, command.appeal_id)
    if earlier is not None and is_repeat(earlier, command, field="appeal_id"):
        return _lodged(earlier)
    about.check_appealable(session)
    is_open = Appeal.is_open(
        decision_id=command.decision_id,
        refusal_id=command.refusal_id,
        amount_of=None if amount is None else amount.referral_id,
        session=session,
    )
    rules.check_only_open(is_open=is_open)
    content = asdict(command)
    del content["amount"]
    appeal = Appeal(
        referral_id=about.referral.referral_id,
        amount_version=None if amount is None else amount.version,
        state=AppealState.LODGED,
        lodged_at=trace.at,
        due_on=working_days_after(trace.today, working_days=rules.DECIDE_WITHIN_WORKING_DAYS),
        request_sha256=digest(command),
        **content,
    )
    session.add(appeal)
    session.flush()
    about.set_aside(appeal, session=session, trace=trace)
    deadlines.start(
        session,
        referral_id=appeal.referral_id,
        stage=Stage.APPEAL,
        about_id=appeal.appeal_id,
        role=ROLE,
        due_on=appeal.due_on,
        trace=trace,
    )
    lodged = AppealLodged(
        occurred_at=trace.at,
        appeal_id=appeal.appeal_id,
        referral_id=appeal.referral_id,
        person_id=about.referral.person_id,
        plan_id=about.plan.plan_id if about.plan else None,
        plan_version=about.plan_version,
        decision_id=appeal.decision_id,
        refusal_id=appeal.refusal_id,
        amount_version=appeal.amount_version,
        due_on=appeal.due_on,
    )
    outbox.add(session, lodged, trace=trace)
    return _lodged(appeal)


def _lodged(appeal: Appeal) -> Mapping[str, Any]:
    return {"appeal_id": appeal.appeal_id, "due_on": appeal.due_on}


def decide_appeal(command: DecideAppeal, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Decide on an appeal. If the person was right, it is decided on or worked out anew.

    A referral is open again. A refused plan is asked of the next rung (the panel's own case comes
    back to the panel), and nobody who decided before, on the plan or on the appeal, decides then.
    Where a part was refused, the rest goes on, and what the person was right about goes into the
    next version of the plan. An amount is worked out again, and one before a reduction stands
    until then.

    Raises:
        NotKnownYetError: no such appeal yet.
        AppealDecidedError: it was decided on.
        DecidedBeforeError, DeciderSubordinateError, ReportingLineUnknownError: not theirs.
        NextRouteMissingError: the person is left with nowhere to go.
    """
    appeal, about = _locked(command.appeal_id, session=session)
    state = rules.state_after(appeal.state, command.outcome)
    rules.check_decider(
        decider_id=command.decider_id,
        involved_ids=appealed.involved_ids(about, session=session),
        first_decider_ids=about.first_decider_ids(session),
        lines=ReportingLine.all_above(command.decider_id, session=session),
    )
    rules.check_next_route(command.outcome, next_route=command.next_route)
    appeal.state = state
    appeal.decider_id = command.decider_id
    appeal.decider_role = command.decider_role
    appeal.reasons = command.reasons
    appeal.evidence = list(command.evidence)
    appeal.next_route = command.next_route
    appeal.decided_at = trace.at
    if command.outcome == AppealOutcome.UPHELD:
        appeal.is_reopened = about.reopen(appeal, session=session, trace=trace)
    else:
        about.let_count(appeal, session=session, trace=trace)
    deadlines.meet(session, stage=Stage.APPEAL, about_id=appeal.appeal_id, trace=trace)
    outbox.add(session, _decided(appeal, about, command, trace=trace), trace=trace)
    return {"appeal_id": appeal.appeal_id, "is_reopened": appeal.is_reopened}


def _locked(appeal_id: UUID, *, session: Session) -> tuple[Appeal, Appealed]:
    """Return an appeal and what it is against, with the case locked."""
    appeal = session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotKnownYetError("This appeal is not here yet.", appeal_id=str(appeal_id))
    version = appeal.amount_version
    about = appealed.find(
        decision_id=appeal.decision_id,
        refusal_id=appeal.refusal_id,
        amount=None if version is None else Amount(referral_id=appeal.referral_id, version=version),
        session=session,
    )
    return session.get_one(Appeal, appeal_id, populate_existing=True), about


def _decided(
    appeal: Appeal, about: Appealed, command: DecideAppeal, *, trace: Trace
) -> AppealDecided:
    return AppealDecided(
        occurred_at=trace.at,
        appeal_id=appeal.appeal_id,
        referral_id=appeal.referral_id,
        person_id=about.referral.person_id,
        decision_id=appeal.decision_id,
        refusal_id=appeal.refusal_id,
        amount_version=appeal.amount_version,
        plan_id=about.plan.plan_id if about.plan else None,
        outcome=command.outcome,
        reasons=command.reasons,
        is_reopened=appeal.is_reopened,
        next_route=command.next_route,
    )


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
