"""What was appealed against, and what came of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.appeals.models import Appeal


def shown(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return the appeals on a case."""
    return [
        {
            "appeal_id": appeal.appeal_id,
            "decision_id": appeal.decision_id,
            "refusal_id": appeal.refusal_id,
            "amount_version": appeal.amount_version,
            "state": appeal.state,
            "lodged_by_role": appeal.lodged_by_role,
            "grounds": appeal.grounds,
            "supporter": appeal.supporter,
            "lodged_at": appeal.lodged_at,
            "due_on": appeal.due_on,
            "decider_id": appeal.decider_id,
            "decider_role": appeal.decider_role,
            "reasons": appeal.reasons,
            "evidence": appeal.evidence,
            "next_route": appeal.next_route,
            "is_reopened": appeal.is_reopened,
            "decided_at": appeal.decided_at,
        }
        for appeal in Appeal.of(referral_id, session=session)
    ]
