"""What people read of what funders owe one another."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.funders.models import Pool
from services.budget.funders.rules import PoolNotFoundError
from services.budget.recharge.commands import LinesAsked, RechargeAsked
from services.budget.recharge.models import RechargeInvoice, RechargeLine, RechargeRun
from services.budget.recharge.rules import InvoiceNotFoundError
from shared.clock import day_in_london

NEWEST_RUNS = 60  # five years of months
BUDGETS_AT_ONCE = 500


def recharge(asked: RechargeAsked, *, session: Session) -> dict[str, Any]:
    """Return the runs of a pool, newest first, and what of them is open since how many days.

    Raises:
        PoolNotFoundError: there is no such pool.
    """
    if session.get(Pool, asked.pool_id) is None:
        raise PoolNotFoundError("There is no such pool.")
    runs = session.scalars(
        select(RechargeRun)
        .where(RechargeRun.pool_id == asked.pool_id)
        .order_by(RechargeRun.month.desc())
        .limit(NEWEST_RUNS)
    ).all()
    invoices = session.scalars(
        select(RechargeInvoice)
        .where(RechargeInvoice.run_id.in_([run.run_id for run in runs]))
        .order_by(RechargeInvoice.debtor_id, RechargeInvoice.creditor_id)
    ).all()
    return {
        "pool_id": asked.pool_id,
        "open_pence": sum(one.net_pence for one in invoices if one.settled_at is None),
        "runs": [_run(run, invoices, on=asked.on) for run in runs],
    }


def _run(run: RechargeRun, invoices: Sequence[RechargeInvoice], *, on: date) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "month": f"{run.month:%Y-%m}",
        "due_on": run.due_on,
        "invoices": [
            _invoice(invoice, run, on=on) for invoice in invoices if invoice.run_id == run.run_id
        ],
    }


def _invoice(invoice: RechargeInvoice, run: RechargeRun, *, on: date) -> dict[str, Any]:
    invoiced_on = day_in_london(run.run_at)
    is_open = invoice.settled_at is None
    return {
        "invoice_id": invoice.invoice_id,
        "debtor_id": invoice.debtor_id,
        "creditor_id": invoice.creditor_id,
        "owed_pence": invoice.owed_pence,
        "owed_back_pence": invoice.owed_back_pence,
        "net_pence": invoice.net_pence,
        "state": _state(invoice),
        "bank_reference": invoice.bank_reference,
        "settled_at": invoice.settled_at,
        "days_open": (on - invoiced_on).days if is_open else None,
        "days_overdue": max(0, (on - run.due_on).days) if is_open else None,
    }


def _state(invoice: RechargeInvoice) -> str:
    """Return ``settled``, ``open``, or ``being_settled`` when a part of its budgets is booked."""
    if invoice.settled_at is not None:
        return "settled"
    return "open" if invoice.bank_reference is None else "being_settled"


def recharge_lines(asked: LinesAsked, *, session: Session) -> dict[str, Any]:
    """Return the lines of an invoice in the order of budgets, some at a time.

    ``next_after_budget_id`` asks for those that follow; it is ``None`` when there are no more.

    Raises:
        InvoiceNotFoundError: there is no such invoice.
    """
    invoice = session.get(RechargeInvoice, asked.invoice_id)
    if invoice is None:
        raise InvoiceNotFoundError("There is no such invoice.")
    budget_ids = _next_budgets(session, asked)
    lines = session.scalars(
        select(RechargeLine)
        .where(RechargeLine.invoice_id == invoice.invoice_id)
        .where(RechargeLine.budget_id.in_(budget_ids))
        .order_by(RechargeLine.budget_id, RechargeLine.debtor_id)
    )
    return {
        "invoice_id": invoice.invoice_id,
        "lines": [_line(line, invoice) for line in lines],
        "next_after_budget_id": budget_ids[-1] if len(budget_ids) == BUDGETS_AT_ONCE else None,
    }


def _next_budgets(session: Session, asked: LinesAsked) -> Sequence[UUID]:
    budgets = select(RechargeLine.budget_id).where(RechargeLine.invoice_id == asked.invoice_id)
    if asked.after_budget_id is not None:
        budgets = budgets.where(RechargeLine.budget_id > asked.after_budget_id)
    in_order = budgets.distinct().order_by(RechargeLine.budget_id)
    return session.scalars(in_order.limit(BUDGETS_AT_ONCE)).all()


def _line(line: RechargeLine, invoice: RechargeInvoice) -> dict[str, Any]:
    return {
        "budget_id": line.budget_id,
        "debtor_id": line.debtor_id,
        "creditor_id": line.creditor_id,
        "amount_pence": line.amount_pence,
        "is_settled": invoice.settled_until is not None and line.budget_id <= invoice.settled_until,
    }
