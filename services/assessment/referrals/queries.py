"""What is known of a referral."""

from collections.abc import Mapping
from typing import Any

from services.assessment.referrals.models import Referral


def shown(referral: Referral) -> Mapping[str, Any]:
    """Return a referral as somebody on the case may read it."""
    return {
        "referral_id": referral.referral_id,
        "source": referral.source,
        "relation": referral.relation,
        "organisation": referral.organisation,
        "basis": referral.basis,
        "condition_group": referral.condition_group,
        "urgency": referral.urgency,
        "received_on": referral.received_on,
        "received_at": referral.received_at,
        "answer_due_on": referral.answer_due_on,
        "outcome": referral.outcome,
    }
