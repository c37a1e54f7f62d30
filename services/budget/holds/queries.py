"""Which holds are over."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.holds.commands import ExpireHold
from services.budget.holds.models import Hold

MOST_AT_ONCE = 100


def expired(at: datetime, *, session: Session) -> list[ExpireHold]:
    """Return what is to be done about holds whose time is over at an instant, the oldest first."""
    purchase_ids = session.scalars(
        select(Hold.purchase_id)
        .where(Hold.held_pence > 0, Hold.expires_at <= at)
        .order_by(Hold.expires_at)
        .limit(MOST_AT_ONCE)
    )
    return [ExpireHold(purchase_id=purchase_id) for purchase_id in purchase_ids]
