"""Moving items from one way to another, and what goes which way on a day."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.agreements.models import Budget, BudgetItem, locked_budget
from services.budget.money_routes import rules
from services.budget.money_routes.commands import SetRoute
from services.budget.money_routes.models import ItemRoute
from services.budget.money_routes.rules import ItemNotInPlanError
from shared.trace import Trace


def set_route(command: SetRoute, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Let the money for an item go a way from a day on; what was spent stays where it was booked.

    Raises:
        BudgetNotFoundError, ItemNotInPlanError: there is no such item in the plan.
        PayeeWrongError, AccountReferenceNotOpaqueError: see ``rules``.
        RouteBeforeNewestError: the item moved on a later day.
    """
    locked_item(session, command.budget_id, command.item_id)
    rules.see_that_payee_fits(
        command.route, payee=command.payee, account_reference=command.account_reference
    )
    newest = _newest(session, command.item_id)
    rules.see_that_it_follows(
        starts_on=command.starts_on, newest_starts_on=newest.starts_on if newest else None
    )
    if newest is None or not _is_the_same(newest, command):
        newest = ItemRoute(
            item_id=command.item_id,
            number=newest.number + 1 if newest else 1,
            starts_on=command.starts_on,
            route=command.route,
            payee=command.payee,
            account_reference=command.account_reference,
            reason=command.reason,
            actor=trace.actor,
            recorded_at=trace.at,
        )
        session.add(newest)
    return {"item_id": newest.item_id, "number": newest.number, "route": newest.route}


def locked_item(session: Session, budget_id: UUID, item_id: UUID) -> tuple[Budget, BudgetItem]:
    """Lock a budget, and return it with an item that its plan has now.

    Raises:
        BudgetNotFoundError: there is no such budget.
        ItemNotInPlanError: the plan has no such item, or no longer.
    """
    budget = locked_budget(session, budget_id)
    item = session.get(BudgetItem, item_id)
    if item is None or (item.budget_id, item.plan_version) != (budget_id, budget.plan_version):
        raise ItemNotInPlanError("This budget's plan has no such item.")
    return budget, item


def _newest(session: Session, item_id: UUID) -> ItemRoute | None:
    return session.scalars(
        select(ItemRoute)
        .where(ItemRoute.item_id == item_id)
        .order_by(ItemRoute.number.desc())
        .limit(1)
    ).first()


def _is_the_same(newest: ItemRoute, command: SetRoute) -> bool:
    was = (newest.starts_on, newest.route, newest.payee, newest.account_reference, newest.reason)
    wanted = (
        command.starts_on,
        command.route,
        command.payee,
        command.account_reference,
        command.reason,
    )
    return was == wanted
