"""What was said of a budget before the assessment."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.intake.models import Discussion, RefusedReferral


def discussions(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return when a budget was talked about, the earliest first, or why it was not."""
    found = select(Discussion).where(Discussion.referral_id == referral_id)
    return [
        {
            "outcome": one.outcome,
            "held_on": one.held_on,
            "by_role": one.by_role,
            "because": one.because,
            "person_words": one.person_words,
            "signposted_to": one.signposted_to,
        }
        for one in session.scalars(found.order_by(Discussion.held_on, Discussion.recorded_at))
    ]


def refusals(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return each time the referral was refused, and everything that was said of it."""
    found = select(RefusedReferral).where(RefusedReferral.referral_id == referral_id)
    return [
        {
            "refusal_id": one.refusal_id,
            "decider_id": one.decider_id,
            "reason": one.reason,
            "because": one.because,
            "evidence": one.evidence,
            "alternatives": one.alternatives,
            "appeal_route": one.appeal_route,
            "refused_at": one.refused_at,
        }
        for one in session.scalars(found.order_by(RefusedReferral.refused_at))
    ]
