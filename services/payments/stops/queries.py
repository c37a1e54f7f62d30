"""Which budgets have come to their end with something open, or that goes on."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.payments.entitlements.models import BudgetStop
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import OPEN
from services.payments.series.models import Series
from services.payments.series.rules import SeriesState
from services.payments.stops.commands import StopPurchases
from shared.clock import day_in_london

MOST_AT_ONCE = 500


def to_stop(at: datetime, *, session: Session) -> list[StopPurchases]:
    """Return the budgets whose day has come, and that have purchases open still, or series."""
    has_something_open = (
        exists()
        .where(Purchase.budget_id == BudgetStop.budget_id)
        .where(Purchase.ending.is_(None) & Purchase.finished_at.is_(None))
        .where(Purchase.state.in_(OPEN))
    )
    has_series = (
        exists()
        .where(Series.budget_id == BudgetStop.budget_id)
        .where(Series.state != SeriesState.ENDED)
    )
    due = (
        select(BudgetStop.budget_id)
        .where(BudgetStop.stops_on <= day_in_london(at))
        .where(has_something_open | has_series)
        .order_by(BudgetStop.budget_id)
        .limit(MOST_AT_ONCE)
    )
    return [StopPurchases(budget_id=one) for one in session.scalars(due)]
