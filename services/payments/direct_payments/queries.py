"""Which direct payments wait for an account that can be paid."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.direct_payments.commands import OrderDirectPayment
from services.payments.direct_payments.models import DirectPayment

MOST_AT_ONCE = 500


def waiting(at: datetime, *, session: Session) -> list[OrderDirectPayment]:
    """Return the direct payments that are not ordered yet, the oldest first."""
    found = (
        select(DirectPayment.payment_id)
        .where(DirectPayment.ordered_at.is_(None))
        .order_by(DirectPayment.told_at, DirectPayment.payment_id)
        .limit(MOST_AT_ONCE)
    )
    return [OrderDirectPayment(payment_id=one) for one in session.scalars(found)]
