"""Recharging a month: an invoice for each two funders of a pool."""

from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.funders.models import Pool, PoolPartner
from services.budget.funders.rules import PoolNotFoundError
from services.budget.recharge import debts, rules
from services.budget.recharge.commands import RunRecharge
from services.budget.recharge.models import RechargeInvoice, RechargeLine, RechargeRun
from services.budget.recharge.rules import BooksDisagreeError, Netted, RunDiffersError
from services.budget.tables import LOCKED
from shared.contracts.budget.recharge import RechargeInvoiced
from shared.messaging import outbox
from shared.trace import Trace


def run_recharge(command: RunRecharge, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Invoice what the funders of a pool owe one another, once for each month.

    A run takes what is due at the end of its month, by effective date, and is in no run before:
    what was booked late for an earlier month is in it too.

    Raises:
        PoolNotFoundError: there is no such pool.
        RunDiffersError: ``run_id`` is that of another run.
        MonthNotOverError, AlreadyRunError, LaterMonthRunError: see ``rules``.
        BooksDisagreeError: somewhere one owes another thing than the other waits for.
    """
    pool = locked_pool(session, command.pool_id)
    run = session.get(RechargeRun, command.run_id)
    if run is not None:
        if (run.pool_id, run.month) != (command.pool_id, command.month):
            raise RunDiffersError("Another run has this id.")
        return _answer(session, run)
    today = trace.today
    run_before = session.scalars(
        select(RechargeRun.month).where(RechargeRun.pool_id == pool.pool_id)
    ).all()
    rules.see_that_it_can_be_run(command.month, run_before=run_before, today=today)
    run = RechargeRun(
        run_id=command.run_id,
        pool_id=pool.pool_id,
        month=command.month,
        due_on=today + timedelta(days=rules.DAYS_TO_SETTLE),
        run_at=trace.at,
    )
    session.add(run)
    session.flush()
    _invoice(session, run, trace=trace)
    return _answer(session, run)


def locked_pool(session: Session, pool_id: UUID) -> Pool:
    """Return a pool, locked against another recharge, settlement or sharing of its risk.

    Whoever books for its budgets does not wait for that.

    Raises:
        PoolNotFoundError: there is no such pool.
    """
    pool = session.get(Pool, pool_id, with_for_update=LOCKED)
    if pool is None:
        raise PoolNotFoundError("There is no such pool.")
    return pool


def _invoice(session: Session, run: RechargeRun, *, trace: Trace) -> None:
    """Write the lines of a run, and an invoice for each two funders that have some."""
    invoice_ids = _invoice_ids(session, run)
    taken = debts.take_lines(
        session, pool_id=run.pool_id, until=rules.last_day(run.month), invoice_ids=invoice_ids
    )
    if taken.disagreeing:
        raise BooksDisagreeError(budgets=taken.disagreeing)
    for netted in rules.netted(taken.debts):
        pair = netted.debtor_id, netted.creditor_id
        invoice = _invoice_of(run, invoice_ids[min(pair), max(pair)], netted)
        session.add(invoice)
        if invoice.net_pence:
            outbox.add(session, _invoiced(run, invoice, trace=trace), trace=trace)
    session.flush()


def _invoice_ids(session: Session, run: RechargeRun) -> dict[tuple[UUID, UUID], UUID]:
    """Return an id for what each two partners may owe one another, the lower id first."""
    partners = session.scalars(
        select(PoolPartner.funder_id).where(PoolPartner.pool_id == run.pool_id)
    )
    return {
        (one, other): uuid5(run.run_id, f"{one} {other}")
        for one, other in combinations(sorted(partners), 2)
    }


def _invoice_of(run: RechargeRun, invoice_id: UUID, netted: Netted) -> RechargeInvoice:
    return RechargeInvoice(
        invoice_id=invoice_id,
        run_id=run.run_id,
        debtor_id=netted.debtor_id,
        creditor_id=netted.creditor_id,
        owed_pence=netted.owed_pence,
        owed_back_pence=netted.owed_back_pence,
        net_pence=netted.net_pence,
    )


def _invoiced(run: RechargeRun, invoice: RechargeInvoice, *, trace: Trace) -> RechargeInvoiced:
    return RechargeInvoiced(
        occurred_at=trace.at,
        invoice_id=invoice.invoice_id,
        run_id=run.run_id,
        pool_id=run.pool_id,
        from_funder_id=invoice.debtor_id,
        to_funder_id=invoice.creditor_id,
        month=f"{run.month:%Y-%m}",
        net_pence=invoice.net_pence,
        due_on=run.due_on,
    )


def _answer(session: Session, run: RechargeRun) -> dict[str, Any]:
    """Return what a run came to; the same however often it is asked."""
    invoices = session.scalars(
        select(RechargeInvoice)
        .where(RechargeInvoice.run_id == run.run_id)
        .order_by(RechargeInvoice.debtor_id, RechargeInvoice.creditor_id)
    ).all()
    lines = session.scalar(
        select(func.count())
        .select_from(RechargeLine)
        .where(RechargeLine.invoice_id.in_([invoice.invoice_id for invoice in invoices]))
    )
    return {
        "run_id": run.run_id,
        "month": f"{run.month:%Y-%m}",
        "due_on": run.due_on,
        "lines": lines,
        "invoices": [
            {
                "invoice_id": invoice.invoice_id,
                "debtor_id": invoice.debtor_id,
                "creditor_id": invoice.creditor_id,
                "owed_pence": invoice.owed_pence,
                "owed_back_pence": invoice.owed_back_pence,
                "net_pence": invoice.net_pence,
            }
            for invoice in invoices
        ],
    }
