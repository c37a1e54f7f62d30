"""Who decided, when and why, and whom the decision lies with."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.sign_off.models import DecidedItem, Decision
from services.assessment.sign_off.rules import Rung
from services.assessment.support_plans.models import Plan


def decision(plan_id: UUID, version: int, *, session: Session) -> Mapping[str, Any] | None:
    """Return with whom the decision lies since when, or what was decided last and why."""
    steps = Decision.of(plan_id, version, session=session)
    return _shown(steps[-1], session=session) if steps else None


def trail(plan_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every step of the ladder that was asked about any version, in that order."""
    steps = select(Decision).where(Decision.plan_id == plan_id)
    return [
        _shown(step, session=session)
        for step in session.scalars(steps.order_by(Decision.version, Decision.step))
    ]


def _shown(step: Decision, *, session: Session) -> Mapping[str, Any]:
    return {
        "decision_id": step.decision_id,
        "version": step.version,
        "step": step.step,
        "rung": step.rung,
        "asked_at": step.asked_at,
        "due_on": step.due_on,
        "worry": step.worry,
        "skip_because": step.skip_because,
        "outcome": step.outcome,
        "decider_id": step.decider_id,
        "co_signatory_id": step.co_signatory_id,
        "attendees": step.attendees,
        "was_person_present": step.was_person_present,
        "reasons": step.reasons,
        "items": [item.shown() for item in DecidedItem.of(step.decision_id, session=session)],
        "evidence": step.evidence,
        "alternatives": step.alternatives,
        "appeal_route": step.appeal_route,
        "backing": step.backing,
        "decided_at": step.decided_at,
        "withdrawn_at": step.withdrawn_at,
        "total_pence": step.total_pence,
        "indicative_pence": step.indicative_pence,
    }


def approved_at(*, session: Session) -> Mapping[str, int]:
    """Return how many plans each rung approved, counting each plan's latest approval."""
    counted = session.execute(
        select(Decision.rung, func.count())
        .join(
            Plan, (Plan.plan_id == Decision.plan_id) & (Plan.approved_version == Decision.version)
        )
        .where(Decision.outcome.in_(("approve", "approve_in_part")))
        .group_by(Decision.rung)
    )
    by_rung = dict(counted.all())
    return {rung.value: by_rung.get(rung, 0) for rung in Rung}
