"""Who signed a plan and who decided, when and why."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.assessment.sign_off.models import Decision, Signature
from services.assessment.sign_off.rules import Rung
from services.assessment.support_plans.models import Plan


def signatures(plan_id: UUID, version: int, *, session: Session) -> list[Mapping[str, Any]]:
    """Return the signatures that count for a version."""
    return [
        {
            "role": signature.role,
            "signatory_id": signature.signatory_id,
            "content_sha256": signature.content_sha256,
            "is_comfortable": signature.is_comfortable,
            "worry": signature.worry,
            "signed_at": signature.signed_at,
        }
        for signature in Signature.of(plan_id, version, session=session)
    ]


def decision(plan_id: UUID, version: int, *, session: Session) -> Mapping[str, Any] | None:
    """Return with whom the decision lies since when, or what was decided and why."""
    asked = session.get(Decision, (plan_id, version))
    if asked is None:
        return None
    return {
        "rung": asked.rung,
        "asked_at": asked.asked_at,
        "due_on": asked.due_on,
        "outcome": asked.outcome,
        "decider_id": asked.decider_id,
        "reasons": asked.reasons,
        "decided_at": asked.decided_at,
        "total_pence": asked.total_pence,
        "indicative_pence": asked.indicative_pence,
    }


def approved_at(*, session: Session) -> Mapping[str, int]:
    """Return how many plans each rung approved, counting each plan's latest approval."""
    counted = session.execute(
        select(Decision.rung, func.count())
        .join(
            Plan, (Plan.plan_id == Decision.plan_id) & (Plan.approved_version == Decision.version)
        )
        .group_by(Decision.rung)
    )
    by_rung = dict(counted.all())
    return {rung.value: by_rung.get(rung, 0) for rung in Rung}
