"""What is done in a crisis, and when it is over."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.crisis import rules
from services.assessment.crisis.commands import (
    ActivateCrisisPlan,
    HandBack,
    ProlongCrisis,
    StandDownCrisisPlan,
)
from services.assessment.crisis.models import Crisis, CrisisProlongation
from services.assessment.crisis.rules import EndedBy, NoCrisisPlanError
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.referrals.models import Referral
from services.assessment.referrals.rules import check_goes_on
from services.assessment.repeats import digest, is_repeat
from services.assessment.support_plans.models import Plan, PlanVersion
from shared.contracts.assessment.crisis import CrisisPlanActivated, CrisisPlanStoodDown
from shared.errors import NotKnownYetError
from shared.messaging import outbox
from shared.trace import Trace


def activate_crisis_plan(
    command: ActivateCrisisPlan, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Put the crisis plan in force; while it is, saying so again changes nothing.

    Nothing of the recurring support stops: this adds a manager and a reserve.

    Raises:
        NotKnownYetError: the referral has not arrived.
        IdReusedError: ``crisis_id`` was used for another crisis.
        CaseClosedError: the person has died or moved away.
        NoCrisisPlanError: no approved plan has one; a rapid review is the way then.
    """
    referral = Referral.locked(command.referral_id, session=session)
    earlier = session.get(Crisis, command.crisis_id, populate_existing=True)
    if earlier is not None and is_repeat(earlier, command, field="crisis_id"):
        return _answer(earlier)
    check_goes_on(referral.outcome)
    crisis = Crisis.in_force(referral.referral_id, session=session)
    if crisis is None:
        crisis = _activate(command, session=session, trace=trace)
        outbox.add(session, _in_force(crisis, referral, trace=trace), trace=trace)
    return _answer(crisis)


def _answer(crisis: Crisis) -> Mapping[str, Any]:
    return {
        "crisis_id": crisis.crisis_id,
        "activated_at": crisis.activated_at,
        "substitute_manager": crisis.substitute_manager,
        "cap_pence": crisis.cap_pence,
        "hand_back_on": crisis.hand_back_on,
        "stood_down_at": crisis.stood_down_at,
    }


def _activate(command: ActivateCrisisPlan, *, session: Session, trace: Trace) -> Crisis:
    plan = Plan.of(command.referral_id, session=session)
    crisis_plan = _crisis_plan(plan, session=session)
    if plan is None or crisis_plan is None:
        raise NoCrisisPlanError("There is no approved crisis plan on this case.")
    promised = IndicativeBudget.latest(command.referral_id, session=session)
    crisis = Crisis(
        plan_id=plan.plan_id,
        budget_id=plan.budget_id,
        substitute_manager=crisis_plan["substitute_manager"],
        cap_pence=rules.cap_pence(
            stated_pence=crisis_plan["cap_pence"],
            reserve_pence=promised.reserve_pence if promised else 0,
        ),
        activated_at=trace.at,
        hand_back_on=rules.hand_back_on(trace.today),
        request_sha256=digest(command),
        **asdict(command),
    )
    session.add(crisis)
    _start_deadline(crisis, session=session, trace=trace)
    return crisis


def _start_deadline(crisis: Crisis, *, session: Session, trace: Trace) -> None:
    deadlines.start(
        session,
        referral_id=crisis.referral_id,
        stage=Stage.CRISIS_HAND_BACK,
        about_id=crisis.crisis_id,
        role="care_coordinator",
        due_on=crisis.hand_back_on,
        trace=trace,
    )


def _crisis_plan(plan: Plan | None, *, session: Session) -> Mapping[str, Any] | None:
    """Return the crisis plan of the version that was approved, if it has one."""
    if plan is None or plan.approved_version is None:
        return None
    return session.get_one(PlanVersion, (plan.plan_id, plan.approved_version)).crisis_plan


def _in_force(crisis: Crisis, referral: Referral, *, trace: Trace) -> CrisisPlanActivated:
    """Return what is told when a crisis begins, and again when it is prolonged."""
    return CrisisPlanActivated(
        occurred_at=trace.at,
        crisis_id=crisis.crisis_id,
        version=crisis.version,
        referral_id=referral.referral_id,
        person_id=referral.person_id,
        plan_id=crisis.plan_id,
        budget_id=crisis.budget_id,
        substitute_manager=crisis.substitute_manager,
        cap_pence=crisis.cap_pence,
        activated_at=crisis.activated_at,
        hand_back_on=crisis.hand_back_on,
    )


def prolong_crisis(command: ProlongCrisis, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Let a crisis end by itself on a later day, once for each ``prolongation_id``.

    The manager and the cap stay as they are: what is left of the cap may be used until then.

    Raises:
        NotKnownYetError: no such crisis yet; its id is the caller's.
        IdReusedError: ``prolongation_id`` was used for something else.
        CrisisOverError: it has ended.
        HandBackDayError: not to that day.
    """
    crisis, referral = _locked(command.crisis_id, session=session)
    earlier = session.get(CrisisProlongation, command.prolongation_id)
    if earlier is not None and is_repeat(earlier, command, field="prolongation_id"):
        return _answer(crisis)
    rules.check_prolonged(
        is_over=crisis.stood_down_at is not None,
        hands_back_on=crisis.hand_back_on,
        to=command.hand_back_on,
        today=trace.today,
    )
    session.add(
        CrisisProlongation(
            hands_back_before=crisis.hand_back_on,
            prolonged_at=trace.at,
            request_sha256=digest(command),
            **asdict(command),
        )
    )
    crisis.hand_back_on = command.hand_back_on
    crisis.version += 1
    session.flush()
    _start_deadline(crisis, session=session, trace=trace)
    outbox.add(session, _in_force(crisis, referral, trace=trace), trace=trace)
    return _answer(crisis)


def stand_down_crisis_plan(
    command: StandDownCrisisPlan, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Hand the budget back to the person, once; afterwards saying so again changes nothing.

    Raises:
        NotKnownYetError: no such crisis yet; its id is the caller's.
    """
    crisis, referral = _locked(command.crisis_id, session=session)
    ended_by = EndedBy(command.stood_down_by.value)
    _stand_down(crisis, referral, ended_by, session=session, trace=trace)
    return _answer(crisis)


def _locked(crisis_id: UUID, *, session: Session) -> tuple[Crisis, Referral]:
    referral_id = session.scalar(select(Crisis.referral_id).where(Crisis.crisis_id == crisis_id))
    if referral_id is None:
        raise NotKnownYetError("This crisis is not here yet.", crisis_id=str(crisis_id))
    referral = Referral.locked(referral_id, session=session)
    return session.get_one(Crisis, crisis_id, populate_existing=True), referral


def hand_back(command: HandBack, *, session: Session, trace: Trace) -> None:
    """End a crisis by itself when its day has come."""
    crisis, referral = _locked(command.crisis_id, session=session)
    if rules.is_over(hands_back_on=crisis.hand_back_on, today=trace.today):
        _stand_down(crisis, referral, EndedBy.CLOCK, session=session, trace=trace)


def end_with_case(referral: Referral, *, session: Session, trace: Trace) -> None:
    """End a crisis of a case that is closed. The caller has locked the case."""
    crisis = Crisis.in_force(referral.referral_id, session=session)
    if crisis is not None:
        _stand_down(crisis, referral, EndedBy.CASE_CLOSED, session=session, trace=trace)


def _stand_down(
    crisis: Crisis, referral: Referral, ended_by: EndedBy, *, session: Session, trace: Trace
) -> None:
    if crisis.stood_down_at is not None:
        return
    crisis.stood_down_at, crisis.stood_down_by = trace.at, ended_by
    crisis.version += 1
    deadlines.meet(session, stage=Stage.CRISIS_HAND_BACK, about_id=crisis.crisis_id, trace=trace)
    stood_down = CrisisPlanStoodDown(
        occurred_at=trace.at,
        crisis_id=crisis.crisis_id,
        version=crisis.version,
        referral_id=referral.referral_id,
        person_id=referral.person_id,
        plan_id=crisis.plan_id,
        budget_id=crisis.budget_id,
        ended_by=ended_by,
        stood_down_at=trace.at,
    )
    outbox.add(session, stood_down, trace=trace)
