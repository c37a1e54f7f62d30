"""Calling off what a budget has open. What was promised to somebody is paid all the same."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.payments.entitlements.models import BudgetStop
from services.payments.holds import handlers as holds
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.states import OPEN
from services.payments.series import handlers as series
from services.payments.stops.commands import StopPurchases
from shared.trace import Trace


def stop_purchases(command: StopPurchases, *, session: Session, trace: Trace) -> None:
    """End a budget's series and call off everything that it has open, if its day has come."""
    stop = session.get(BudgetStop, command.budget_id, populate_existing=True)
    if stop is None or stop.stops_on > trace.today:
        return
    of_budget = Purchase.budget_id == command.budget_id
    going_on = series.locked_of_budget(command.budget_id, session=session)
    call_off(of_budget, stop.because, session=session, trace=trace)
    series.end_with_budget(going_on, because=stop.because, session=session, trace=trace)


def call_off(which: ColumnElement[bool], because: str, *, session: Session, trace: Trace) -> None:
    """Call off those purchases that are open, one after the other, always in the same order."""
    for purchase_id in _open(which, session=session):
        purchase = purchases.locked(session, purchase_id)
        story = purchases.in_story(trace, purchase)
        holds.call_off(purchase, because, session=session, trace=story)


def _open(which: ColumnElement[bool], *, session: Session) -> Sequence[UUID]:
    return session.scalars(
        select(Purchase.purchase_id)
        .where(which, Purchase.state.in_(OPEN))
        .where(Purchase.ending.is_(None) & Purchase.finished_at.is_(None))
        .order_by(Purchase.purchase_id)
    ).all()
