"""The end of a budget, of a death as well, and a plan that was changed."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.entitlements.models import BudgetStop, Plan, PlanItem
from services.payments.purchases.models import Purchase
from services.payments.stops import handlers
from services.payments.stops.commands import StopPurchases
from shared.contracts.budget.budgets import BudgetEnded, BudgetRevised
from shared.errors import NotKnownYetError
from shared.trace import Trace


def budget_ended(event: BudgetEnded, *, session: Session, trace: Trace) -> None:
    """Buy nothing new from the day on which a budget ends."""
    _stop(event.budget_id, event.ends_on, event.reason, session=session, trace=trace)


def budget_revised(event: BudgetRevised, *, session: Session, trace: Trace) -> None:
    """Call off what was not used of items that the plan has no longer.

    Raises:
        NotKnownYetError: the newer version of the plan has not arrived here.
    """
    plan = session.get(Plan, event.budget_id)
    if plan is None or plan.version < event.version:
        raise NotKnownYetError("This version of the plan is not known here yet.")
    gone = select(PlanItem.item_id).where(
        PlanItem.budget_id == event.budget_id, PlanItem.plan_version < plan.version
    )
    handlers.call_off(Purchase.item_id.in_(gone), "plan_changed", session=session, trace=trace)


def _stop(budget_id: UUID, stops_on: date, because: str, *, session: Session, trace: Trace) -> None:
    """Keep the earliest day that was told, and let it have its effect if it has come."""
    told = insert(BudgetStop).values(
        budget_id=budget_id, stops_on=stops_on, because=because, recorded_at=trace.at
    )
    session.execute(
        told.on_conflict_do_update(
            index_elements=[BudgetStop.budget_id],
            set_={"stops_on": stops_on, "because": because},
            where=BudgetStop.stops_on > stops_on,
        )
    )
    handlers.stop_purchases(StopPurchases(budget_id=budget_id), session=session, trace=trace)
