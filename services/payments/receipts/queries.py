"""Which receipts are missing."""

from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from services.payments.purchases.models import Purchase
from services.payments.receipts import rules
from services.payments.receipts.commands import ChaseReceipt
from services.payments.receipts.models import ReceiptChase

MOST_AT_ONCE = 200


def missing(at: datetime, *, session: Session) -> list[ChaseReceipt]:
    """Return the purchases whose receipt is due to be asked for now, the oldest first."""
    told = func.coalesce(ReceiptChase.reminders, 0)
    told_before = case(
        *(
            (told == number, at - timedelta(days=day))
            for number, day in enumerate(rules.CHASED_ON_DAYS)
        ),
        else_=None,
    )
    review_before = at - timedelta(days=rules.REVIEWED_ON_DAY)
    due = (
        select(Purchase.purchase_id)
        .outerjoin(ReceiptChase, ReceiptChase.purchase_id == Purchase.purchase_id)
        .where(Purchase.completed_at.is_not(None), Purchase.evidenced_at.is_(None))
        .where(Purchase.posted_pence > 0)  # what came back whole needs no receipt
        .where(
            or_(
                Purchase.completed_at <= told_before,
                and_(ReceiptChase.reviewed_at.is_(None), Purchase.completed_at <= review_before),
            )
        )
        .order_by(Purchase.completed_at, Purchase.purchase_id)
        .limit(MOST_AT_ONCE)
    )
    return [ChaseReceipt(purchase_id=one) for one in session.scalars(due)]
