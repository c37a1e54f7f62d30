"""What is done in a crisis."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.crisis.commands import ActivateCrisisPlan
from services.assessment.crisis.models import CrisisActivation
from services.assessment.crisis.rules import NoCrisisPlanError
from services.assessment.referrals.models import Referral
from services.assessment.support_plans.models import Plan, PlanVersion
from shared.contracts.assessment.crisis import CrisisPlanActivated
from shared.messaging import outbox
from shared.trace import Trace


def activate_crisis_plan(
    command: ActivateCrisisPlan, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Put the crisis plan in force; while it is, saying so again changes nothing.

    Raises:
        NotKnownYetError: the referral has not arrived.
        NoCrisisPlanError: no approved plan has one; a rapid review is the way then.
    """
    referral = Referral.locked(command.referral_id, session=session)
    active = session.scalar(
        select(CrisisActivation).where(
            CrisisActivation.referral_id == command.referral_id,
            CrisisActivation.stood_down_at.is_(None),
        )
    )
    if active is None:
        active = _activate(command, session=session, trace=trace)
        activated = CrisisPlanActivated(
            occurred_at=trace.at,
            referral_id=referral.referral_id,
            person_id=referral.person_id,
            plan_id=active.plan_id,
            activated_at=active.activated_at,
        )
        outbox.add(session, activated, trace=trace)
    return {"activated_at": active.activated_at}


def _activate(command: ActivateCrisisPlan, *, session: Session, trace: Trace) -> CrisisActivation:
    approved = session.scalar(
        select(PlanVersion)
        .join(
            Plan,
            (Plan.plan_id == PlanVersion.plan_id) & (Plan.approved_version == PlanVersion.version),
        )
        .where(Plan.referral_id == command.referral_id, PlanVersion.crisis_plan.is_not(None))
    )
    if approved is None:
        raise NoCrisisPlanError("There is no approved crisis plan on this case.")
    activation = CrisisActivation(
        activation_id=uuid4(),
        referral_id=command.referral_id,
        plan_id=approved.plan_id,
        activated_by_role=command.activated_by_role,
        activated_at=trace.at,
    )
    session.add(activation)
    return activation
