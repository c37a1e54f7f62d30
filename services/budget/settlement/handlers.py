"""Booking that a debt between two funders was paid, some budgets at a time."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import JournalKind
from services.budget.agreements.models import locked_budgets
from services.budget.funders.models import Funder
from services.budget.recharge import handlers as recharge
from services.budget.recharge.models import RechargeInvoice, RechargeLine, RechargeRun
from services.budget.recharge.rules import RunNotFoundError
from services.budget.settlement import promises, rules
from services.budget.settlement.commands import SettleRecharge
from services.budget.settlement.rules import (
    AlreadySettledError,
    Debt,
    NotInvoicedError,
    Party,
    ReferenceUsedError,
)
from shared.trace import Trace

MOST_BUDGETS = 200  # of one command: their locks are held for its second or so


def settle_recharge(command: SettleRecharge, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Book the payment of the whole of what a run came to between two funders.

    In the order of budgets, so many of them in one transaction; ``is_all`` is false when there
    are more, and the command must be sent again, as another. What was paid once is recognised.

    Raises:
        RunNotFoundError, NotInvoicedError: there is nothing that the one is to pay the other.
        AlreadySettledError: it was paid under another bank reference.
        ReferenceUsedError: this payment settled what was due between them for another month.
        PartlyPaidError, OverpaidError: it is not what is due.
    """
    invoice = _locked_invoice(session, command)
    _see_that_it_settles(session, invoice, command)
    invoice.bank_reference = command.bank_reference
    kept_before_pence = invoice.kept_pence
    budget_ids: Sequence[UUID] = []
    if invoice.settled_at is None:
        budget_ids = _settle_some(session, invoice, trace=trace)
    return {
        "invoice_id": invoice.invoice_id,
        "net_pence": invoice.net_pence,
        "budgets": len(budget_ids),
        "promises_kept_pence": invoice.kept_pence - kept_before_pence,
        "is_all": invoice.settled_at is not None,
    }


def _locked_invoice(session: Session, command: SettleRecharge) -> RechargeInvoice:
    """Return the invoice that is paid, as it stands under the lock of its pool."""
    run = session.get(RechargeRun, command.run_id)
    if run is None:
        raise RunNotFoundError("There is no such run.")
    recharge.locked_pool(session, run.pool_id)
    invoice = session.scalars(
        select(RechargeInvoice)
        .where(RechargeInvoice.run_id == run.run_id)
        .where(RechargeInvoice.debtor_id == command.debtor_id)
        .where(RechargeInvoice.creditor_id == command.creditor_id)
    ).first()
    if invoice is None:
        raise NotInvoicedError("This run has nothing that the one is to pay the other.")
    return invoice


def _see_that_it_settles(
    session: Session, invoice: RechargeInvoice, command: SettleRecharge
) -> None:
    if invoice.bank_reference not in (None, command.bank_reference):
        raise AlreadySettledError("This was settled by another payment.")
    rules.see_that_it_is_paid(due_pence=invoice.net_pence, paid_pence=command.amount_pence)
    of_another = session.scalars(
        select(RechargeInvoice.invoice_id)
        .where(RechargeInvoice.debtor_id == invoice.debtor_id)
        .where(RechargeInvoice.creditor_id == invoice.creditor_id)
        .where(RechargeInvoice.bank_reference == command.bank_reference)
        .where(RechargeInvoice.invoice_id != invoice.invoice_id)
    ).first()
    if of_another is not None:
        raise ReferenceUsedError("This payment settled what was due for another month.")


def _settle_some(session: Session, invoice: RechargeInvoice, *, trace: Trace) -> Sequence[UUID]:
    """Settle the budgets that come next, and note how far it has come."""
    following = _next_budgets(session, invoice)
    budget_ids = following[:MOST_BUDGETS]
    locked_budgets(session, budget_ids)
    debts = dict(_debts(session, invoice, budget_ids))
    bookings = [_booking(invoice, budget_id, debts[budget_id], trace=trace) for budget_id in debts]
    paid_pence = {
        budget_id: rules.paid_in_budget_pence(of_budget, debtor_id=invoice.debtor_id)
        for budget_id, of_budget in debts.items()
    }
    bookings += promises.keep(session, invoice, paid_pence, trace=trace)
    bookkeeper.book_in_parts(session, bookings)
    invoice.settled_until = budget_ids[-1]
    if len(following) <= MOST_BUDGETS:
        invoice.settled_at = trace.at
    return budget_ids


def _next_budgets(session: Session, invoice: RechargeInvoice) -> Sequence[UUID]:
    budgets = select(RechargeLine.budget_id).where(RechargeLine.invoice_id == invoice.invoice_id)
    if invoice.settled_until is not None:
        budgets = budgets.where(RechargeLine.budget_id > invoice.settled_until)
    in_order = budgets.distinct().order_by(RechargeLine.budget_id)
    return session.scalars(in_order.limit(MOST_BUDGETS + 1)).all()


def _debts(
    session: Session, invoice: RechargeInvoice, budget_ids: Sequence[UUID]
) -> Iterator[tuple[UUID, list[Debt]]]:
    """Yield the debts of each budget, in order."""
    parties = _parties(session, invoice)
    lines = session.scalars(
        select(RechargeLine)
        .where(RechargeLine.invoice_id == invoice.invoice_id)
        .where(RechargeLine.budget_id.in_(budget_ids))
        .order_by(RechargeLine.budget_id, RechargeLine.debtor_id)
    )
    for budget_id, of_budget in groupby(lines, key=attrgetter("budget_id")):
        yield budget_id, [_debt(line, parties) for line in of_budget]


def _debt(line: RechargeLine, parties: Mapping[UUID, Party]) -> Debt:
    return Debt(
        debtor=parties[line.debtor_id],
        creditor=parties[line.creditor_id],
        amount_pence=line.amount_pence,
    )


def _parties(session: Session, invoice: RechargeInvoice) -> dict[UUID, Party]:
    both = select(Funder).where(Funder.funder_id.in_([invoice.debtor_id, invoice.creditor_id]))
    return {
        funder.funder_id: Party(funder_id=funder.funder_id, code=str(funder.code))
        for funder in session.scalars(both)
    }


def _booking(
    invoice: RechargeInvoice, budget_id: UUID, debts: Sequence[Debt], *, trace: Trace
) -> Booking:
    return bookkeeper.todays_booking(
        budget_id,
        kind=JournalKind.SETTLEMENT,
        source_id=invoice.invoice_id,
        reason="What was due between two funders was paid.",
        metadata={"reference": str(invoice.bank_reference)},
        entries=rules.settlement_entries(debts),
        trace=trace,
    )
