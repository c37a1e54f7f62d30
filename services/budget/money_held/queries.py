"""Which way each item's money goes, and where the money is."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts.rules import AccountKind
from services.budget.agreements.models import Budget, BudgetItem, known_budget
from services.budget.broker_accounts import register as brokers
from services.budget.broker_accounts import rules as broker_rules
from services.budget.funders.rules import FunderKind
from services.budget.money_held.commands import MoneyRoutes
from services.budget.money_routes.models import ItemRoute, route_on
from services.budget.money_routes.rules import Route
from services.budget.returns import register as returns
from services.budget.returns.register import Unevidenced
from services.budget.returns.rules import OVERDUE_AFTER
from services.budget.surplus import standing


def money_routes(asked: MoneyRoutes, *, session: Session) -> dict[str, Any]:
    """Return each item's way and history, and per funder where its money is.

    Raises:
        BudgetNotFoundError: there is no such budget.
    """
    budget = known_budget(session, asked.budget_id)
    waiting = {one.item_id: one for one in returns.unevidenced(session, budget_id=asked.budget_id)}
    items = select(BudgetItem).where(BudgetItem.budget_id == asked.budget_id)
    in_order = items.order_by(BudgetItem.description, BudgetItem.item_id)
    return {
        "budget_id": asked.budget_id,
        "items": [
            _item(session, item, budget, asked, waiting.get(item.item_id))
            for item in session.scalars(in_order)
        ],
        "funders": _funders(session, asked),
        "broker_report": _report(session, asked.budget_id),
    }


def _item(
    session: Session,
    item: BudgetItem,
    budget: Budget,
    asked: MoneyRoutes,
    waiting: Unevidenced | None,
) -> dict[str, Any]:
    now = route_on(session, item.item_id, asked.on)
    history = select(ItemRoute).where(ItemRoute.item_id == item.item_id)
    return {
        "item_id": item.item_id,
        "is_in_plan": item.plan_version == budget.plan_version,
        "route": now.route if now else Route.HOST,
        "payee": now.payee if now else None,
        "history": [
            {
                "starts_on": row.starts_on,
                "route": row.route,
                "payee": row.payee,
                "reason": row.reason,
                "actor": row.actor,
                "recorded_at": row.recorded_at,
            }
            for row in session.scalars(history.order_by(ItemRoute.number))
        ],
        "unevidenced_pence": waiting.unevidenced_pence if waiting else 0,
        "unevidenced_since": waiting.since_on if waiting else None,
        "is_return_overdue": waiting is not None and waiting.since_on + OVERDUE_AFTER <= asked.on,
    }


def _funders(session: Session, asked: MoneyRoutes) -> list[dict[str, Any]]:
    items = brokers.broker_items(session, asked.budget_id, on=asked.on)
    books = [
        (funder_id, figures)
        for funder_id, kind, figures in standing.books(session, asked.budget_id)
        if kind is not FunderKind.PERSON
    ]
    held = {one: -figures.get(AccountKind.WITH_BROKER.value, 0) for one, figures in books}
    back = broker_rules.to_be_returned_pence(held, left_pence=items.left_pence)
    return [
        {
            "funder_id": funder_id,
            "with_broker_pence": held[funder_id],
            "with_person_pence": figures.get(AccountKind.WITH_PERSON.value, 0),
            "evidenced_pence": figures.get(AccountKind.EVIDENCED.value, 0),
            "delivered_pence": figures.get(AccountKind.DELIVERED.value, 0),
            "paid_out_pence": figures.get(AccountKind.PAID_OUT.value, 0),
            "to_be_returned_pence": back.get(funder_id, 0),
            "top_up_due_pence": broker_rules.top_up_due_pence(
                held_pence=held[funder_id],
                agreed_pence=items.agreed.get(funder_id, 0),
                left_pence=items.left.get(funder_id, 0),
                plan_weeks=asked.plan_weeks,
                weeks=asked.weeks,
            ),
        }
        for funder_id, figures in books
    ]


def _report(session: Session, budget_id: UUID) -> dict[str, Any] | None:
    found = brokers.newest_report(session, budget_id)
    if found is None:
        return None
    report, lines = found
    return {
        "report_id": report.report_id,
        "reported_on": report.reported_on,
        "outcome": report.outcome,
        "is_open": brokers.is_open(report),
        "owner": report.owner,
        "due_on": report.due_on,
        "difference_pence": sum(line.difference_pence for line in lines),
    }
