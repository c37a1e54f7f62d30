"""Who agrees with what, and what is disputed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.disputes.models import Dispute, DomainPosition


def shown(referral_id: UUID, *, session: Session) -> Mapping[str, Any]:
    """Return what each party says of each domain, and every dispute with how it was settled."""
    return {
        "positions": [
            {
                "domain": one.domain,
                "party": one.party,
                "position": one.position,
                "said_by_role": one.said_by_role,
                "said_at": one.said_at,
            }
            for one in DomainPosition.of(referral_id, session=session)
        ],
        "disputes": [
            {
                "dispute_id": one.dispute_id,
                "domain": one.domain,
                "party": one.party,
                "reasons": one.reasons,
                "state": one.state,
                "opened_at": one.opened_at,
                "settled_at": one.settled_at,
                "settled_by_role": one.settled_by_role,
                "settled_because": one.settled_because,
                "shares": one.shares,
            }
            for one in Dispute.of(referral_id, session=session)
        ],
    }
