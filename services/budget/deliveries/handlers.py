"""Counting what was delivered without a payment."""

from typing import Any

from sqlalchemy.orm import Session

from services.budget.accounts.rules import BudgetNotFoundError
from services.budget.deliveries import rules
from services.budget.deliveries.commands import RecordDelivery
from services.budget.deliveries.models import Delivery
from services.budget.holds import handlers as holds
from services.budget.holds import purchases
from services.budget.holds.commands import PlaceHold
from services.budget.money_routes.rules import Route, see_that_it_goes
from shared.errors import IdReusedError
from shared.trace import Trace


def record_delivery(command: RecordDelivery, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Hold and capture in one what was delivered, once, by the shares of the day it was delivered.

    Raises:
        BudgetNotFoundError: there is no such budget.
        IdReusedError: ``delivery_id`` was used for something else.
        DeliveredLaterError: the day has not come.
        ItemOnOtherRouteError: the item was not notional on that day.
        BudgetEndedError, ItemNotInPlanError, BudgetNotActiveError, InsufficientFundsError,
        CapExceededError, CommitmentExceededError: see ``holds``.
    """
    standing = purchases.as_it_stands(
        session,
        command.delivery_id,
        budget_id=command.budget_id,
        item_id=command.item_id,
        on=command.delivered_on,
    )
    if standing is None:
        raise BudgetNotFoundError("There is no such budget.")
    if standing.hold is not None:
        known = session.get(Delivery, command.delivery_id)
        asked = (command.budget_id, command.item_id, command.amount_pence, command.delivered_on)
        was = (standing.hold.budget_id, standing.hold.item_id)
        if known is None or asked != (*was, known.amount_pence, known.delivered_on):
            raise IdReusedError("Something else has this id.")
        return {"delivery_id": command.delivery_id}
    rules.see_that_it_was_delivered(delivered_on=command.delivered_on, today=trace.today)
    if standing.is_item_in_plan:
        see_that_it_goes(standing.route, by=Route.NOTIONAL)
    holds.spend_at_once(
        PlaceHold(
            purchase_id=command.delivery_id,
            budget_id=command.budget_id,
            item_id=command.item_id,
            amount_pence=command.amount_pence,
        ),
        standing,
        occurred_on=command.delivered_on,
        reason="What a partner arranged was delivered; nothing was paid.",
        session=session,
        trace=trace,
    )
    session.add(
        Delivery(
            delivery_id=command.delivery_id,
            amount_pence=command.amount_pence,
            delivered_on=command.delivered_on,
            actor=trace.actor,
            recorded_at=trace.at,
        )
    )
    return {"delivery_id": command.delivery_id}
