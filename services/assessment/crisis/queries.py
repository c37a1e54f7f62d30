"""Whether a person's crisis plan is in force, and which one ends by itself now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.crisis.commands import HandBack
from services.assessment.crisis.models import Crisis, CrisisProlongation
from shared.clock import day_in_london

MOST_AT_ONCE = 100


def shown(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return each time the crisis plan was put in force, the earliest first."""
    crises = select(Crisis).where(Crisis.referral_id == referral_id)
    return [
        {
            "crisis_id": crisis.crisis_id,
            "activated_at": crisis.activated_at,
            "activated_by": crisis.activated_by,
            "happened": crisis.happened,
            "substitute_manager": crisis.substitute_manager,
            "cap_pence": crisis.cap_pence,
            "hand_back_on": crisis.hand_back_on,
            "prolonged": [
                {
                    "prolonged_by": one.prolonged_by,
                    "hand_back_on": one.hand_back_on,
                    "reason": one.reason,
                    "prolonged_at": one.prolonged_at,
                }
                for one in CrisisProlongation.of(crisis.crisis_id, session=session)
            ],
            "stood_down_at": crisis.stood_down_at,
            "stood_down_by": crisis.stood_down_by,
        }
        for crisis in session.scalars(crises.order_by(Crisis.activated_at, Crisis.crisis_id))
    ]


def over(at: datetime, *, session: Session) -> list[HandBack]:
    """Return the crises that end by themselves by now, the oldest first."""
    crisis_ids = session.scalars(
        select(Crisis.crisis_id)
        .where(Crisis.stood_down_at.is_(None), Crisis.hand_back_on <= day_in_london(at))
        .order_by(Crisis.hand_back_on, Crisis.crisis_id)
        .limit(MOST_AT_ONCE)
    )
    return [HandBack(crisis_id=one) for one in crisis_ids]
