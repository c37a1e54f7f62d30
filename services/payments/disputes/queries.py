"""What people read of disputes, and which drafts are near their last day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.disputes import rules
from services.payments.disputes.commands import ExpireDispute
from services.payments.disputes.models import Dispute
from services.payments.disputes.rules import DisputeState

MOST_AT_ONCE = 100


def disputes(purchase_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return the disputes of a purchase, oldest first."""
    found = session.scalars(
        select(Dispute)
        .where(Dispute.purchase_id == purchase_id)
        .order_by(Dispute.opened_at, Dispute.dispute_id)
    )
    return [
        {
            "dispute_id": one.dispute_id,
            "presentment_id": one.presentment_id,
            "state": one.state,
            "reason": one.reason,
            "words": one.words,
            "evidence": one.evidence,
            "amount_pence": one.amount_pence,
            "reinstated_pence": one.reinstated_pence,
            "submit_by": one.submit_by,
            "loss_reason": one.loss_reason,
        }
        for one in found
    ]


def near_their_last_day(at: datetime, *, session: Session) -> list[ExpireDispute]:
    """Return drafts that have to be sent soon, or can be sent no more."""
    found = session.scalars(
        select(Dispute.dispute_id)
        .where(Dispute.state == DisputeState.DRAFT)
        .where(Dispute.submit_by < at + rules.WARN_BEFORE)
        .order_by(Dispute.submit_by)
        .limit(MOST_AT_ONCE)
    )
    return [ExpireDispute(dispute_id=dispute_id) for dispute_id in found]
