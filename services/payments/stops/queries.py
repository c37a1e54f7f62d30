"""Which budgets have come to their end with something open."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.entitlements.models import BudgetStop
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import OPEN
from services.payments.stops.commands import StopPurchases
from shared.clock import day_in_london

MOST_AT_ONCE = 500


def to_stop(at: datetime, *, session: Session) -> list[StopPurchases]:
    """Return the budgets whose day has come, and that have purchases open still."""
    due = (
        select(BudgetStop.budget_id)
        .join(Purchase, Purchase.budget_id == BudgetStop.budget_id)
        .where(BudgetStop.stops_on <= day_in_london(at))
        .where(Purchase.ending.is_(None) & Purchase.finished_at.is_(None))
        .where(Purchase.state.in_(OPEN))
        .distinct()
        .limit(MOST_AT_ONCE)
    )
    return [StopPurchases(budget_id=one) for one in session.scalars(due)]
