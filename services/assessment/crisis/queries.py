"""Whether a person's crisis plan is in force."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.assessment.crisis.models import CrisisActivation


def shown(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return each time the crisis plan was put in force, the earliest first."""
    activations = select(CrisisActivation).where(CrisisActivation.referral_id == referral_id)
    return [
        {
            "activated_at": activation.activated_at,
            "activated_by_role": activation.activated_by_role,
            "stood_down_at": activation.stood_down_at,
        }
        for activation in session.scalars(activations.order_by(CrisisActivation.activated_at))
    ]
