"""Which limits were set, and which of them wait for a second person."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.limits.models import SpendingLimit

SHOWN = (
    "role",
    "from_on",
    "counts",
    "asks_up_to_pence",
    "approves_up_to_pence",
    "counts_for_days",
    "set_by",
    "set_at",
    "reason",
    "loosens",
    "confirmed_by",
    "confirmed_at",
)


def spending_limits(_asked: object, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every limit that was set, the first at the head; one that does not count waits."""
    limits = session.scalars(
        select(SpendingLimit).order_by(SpendingLimit.set_at, SpendingLimit.role)
    )
    return [{name: getattr(one, name) for name in SHOWN} for one in limits]
