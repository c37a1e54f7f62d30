"""Booking money to a broker and back, and comparing what it has with the ledger."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import BudgetNotFoundError
from services.budget.agreements.models import locked_budget
from services.budget.agreements.rules import see_that_it_goes_on
from services.budget.broker_accounts import register, rules
from services.budget.broker_accounts.commands import (
    RecordBrokerReturned,
    ReportBrokerBalance,
    TopUpBroker,
)
from services.budget.broker_accounts.models import BrokerReport, BrokerReportLine, BrokerTransfer
from services.budget.broker_accounts.rules import (
    Direction,
    FunderHasNoBookError,
    Line,
    NoBrokerItemError,
    Outcome,
)
from services.budget.holds import purchases
from services.budget.holds.purchases import Standing
from services.budget.holds.rules import BudgetNotActiveError
from shared.errors import IdReusedError
from shared.money import divide
from shared.trace import Trace

Movement = TopUpBroker | RecordBrokerReturned
REASONS = {
    Direction.TOP_UP: "A broker was given money for what it buys.",
    Direction.RETURNED: "A broker gave money back.",
}


def top_up_broker(command: TopUpBroker, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Book that a broker was given money, once.

    What a funder has only committed is the host's money: it is booked, and answered, as the host's.

    Raises:
        BudgetNotFoundError: there is no such budget.
        AmountAmbiguousError: neither one amount nor each funder's is told.
        IdReusedError: the id was used for something else.
        BudgetEndedError, BudgetNotActiveError: nothing is bought from this budget.
        NoBrokerItemError: no item goes by a broker.
        FunderHasNoBookError, InsufficientFundsError: see ``rules``.
    """
    asked = rules.as_asked(command.amount_pence, command.portions)
    standing = _standing(command, session=session, trace=trace)
    known = session.get(BrokerTransfer, command.top_up_id)
    if known is not None:
        return _the_same(known, command, Direction.TOP_UP, asked, session=session, trace=trace)
    see_that_it_goes_on(ends_on=standing.ends_on, on=trace.today)
    if standing.host is None:
        raise BudgetNotActiveError("Nobody has agreed yet to pay for this.")
    agreed = register.broker_items(session, command.budget_id, on=trace.today).agreed
    if not any(agreed.values()):
        raise NoBrokerItemError("No item of this plan goes by a broker.")
    portions = _named(command) or divide(amount_pence=command.amount_pence or 0, weights=agreed)
    held = register.held(session, command.budget_id, on=trace.today)
    rules.see_that_they_can_give(portions, standing.parts, held=held)
    books = rules.in_books(portions, standing.parts, standing.host)
    return _book(command, Direction.TOP_UP, books, asked, session=session, trace=trace)


def record_broker_returned(
    command: RecordBrokerReturned, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Book that a broker gave money back, once; a budget that has ended gets it too.

    Raises:
        BudgetNotFoundError, AmountAmbiguousError, IdReusedError: see ``top_up_broker``.
        ExceedsBrokerBalanceError: the broker has not so much.
    """
    asked = rules.as_asked(command.amount_pence, command.portions)
    _standing(command, session=session, trace=trace)
    known = session.get(BrokerTransfer, command.top_up_id)
    if known is not None:
        return _the_same(known, command, Direction.RETURNED, asked, session=session, trace=trace)
    held = register.held(session, command.budget_id, on=trace.today)
    portions = _named(command) or rules.returned_portions(command.amount_pence or 0, held)
    rules.see_that_broker_has(portions, held)
    return _book(command, Direction.RETURNED, portions, asked, session=session, trace=trace)


def _standing(command: Movement, *, session: Session, trace: Trace) -> Standing:
    """Lock a budget, and return who has what in it."""
    standing = purchases.as_it_stands(
        session, command.top_up_id, budget_id=command.budget_id, on=trace.today
    )
    if standing is None:
        raise BudgetNotFoundError("There is no such budget.")
    return standing


def _named(command: Movement) -> dict[UUID, int]:
    return {one.funder_id: one.amount_pence for one in command.portions or ()}


def _the_same(
    known: BrokerTransfer,
    command: Movement,
    direction: Direction,
    asked: Mapping[str, Any],
    *,
    session: Session,
    trace: Trace,
) -> dict[str, Any]:
    wanted = (command.budget_id, direction, command.bank_reference, asked)
    if wanted != (known.budget_id, known.direction, known.bank_reference, known.asked):
        raise IdReusedError("Another movement has this id.")
    return _answer(known, session=session, trace=trace)


def _answer(transfer: BrokerTransfer, *, session: Session, trace: Trace) -> dict[str, Any]:
    held = register.held(session, transfer.budget_id, on=trace.today)
    return {
        "top_up_id": transfer.transfer_id,
        "amount_pence": transfer.amount_pence,
        "held_pence": sum(held.values()),
    }


def _book(
    command: Movement,
    direction: Direction,
    books: Mapping[UUID, int],
    asked: dict[str, Any],
    *,
    session: Session,
    trace: Trace,
) -> dict[str, Any]:
    transfer = BrokerTransfer(
        transfer_id=command.top_up_id,
        budget_id=command.budget_id,
        direction=direction,
        amount_pence=sum(books.values()),
        bank_reference=command.bank_reference,
        asked=asked,
        actor=trace.actor,
        recorded_at=trace.at,
    )
    session.add(transfer)
    booking = bookkeeper.todays_booking(
        command.budget_id,
        kind=JournalKind.BROKER,
        source_id=command.top_up_id,
        reason=REASONS[direction],
        metadata={"reference": command.bank_reference},
        entries=rules.transfer_entries(direction, books),
        trace=trace,
    )
    bookkeeper.book(session, booking)
    return _answer(transfer, session=session, trace=trace)


def report_broker_balance(
    command: ReportBrokerBalance, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Compare what a broker says it has with the ledger as of a day, funder by funder, and keep it.

    A difference has an owner, and is open until a later report agrees.

    Raises:
        BudgetNotFoundError: there is no such budget.
        IdReusedError: another report has this id.
        ReportedLaterError: the day has not come.
        FunderHasNoBookError: a funder does not pay into this budget, or is named twice.
    """
    locked_budget(session, command.budget_id)
    reported = {one.funder_id: one.held_pence for one in command.balances}
    known = session.get(BrokerReport, command.report_id)
    if known is not None:
        lines = register.lines_of(session, known.report_id)
        told = {line.funder_id: line.reported_pence for line in lines if line.reported_pence}
        asked = {funder_id: pence for funder_id, pence in reported.items() if pence}
        if (known.budget_id, known.reported_on, told) != (command.budget_id, command.on, asked):
            raise IdReusedError("Another report has this id.")
        return _compared(known, lines)
    rules.see_that_it_has_come(command.on, today=trace.today)
    standing = purchases.as_it_stands(
        session, command.report_id, budget_id=command.budget_id, on=trace.today
    )
    has_book = standing is not None and set(reported) <= set(standing.parts)
    if not has_book or len(reported) != len(command.balances):
        raise FunderHasNoBookError("A funder does not pay into this budget, or is named twice.")
    ledger = register.held(session, command.budget_id, on=command.on)
    return _keep(command, rules.compare(reported, ledger), session=session, trace=trace)


def _keep(
    command: ReportBrokerBalance, lines: list[Line], *, session: Session, trace: Trace
) -> dict[str, Any]:
    newest = register.newest_report(session, command.budget_id)
    outcome = rules.outcome(lines)
    differs = outcome is Outcome.DIFFERS
    report = BrokerReport(
        report_id=command.report_id,
        budget_id=command.budget_id,
        number=newest[0].number + 1 if newest else 1,
        reported_on=command.on,
        outcome=outcome,
        owner=rules.OWNER if differs else None,
        due_on=rules.settle_by(trace.today) if differs else None,
        actor=trace.actor,
        recorded_at=trace.at,
    )
    session.add(report)
    session.flush()
    session.add_all(
        BrokerReportLine(
            report_id=command.report_id,
            funder_id=line.funder_id,
            reported_pence=line.reported_pence,
            ledger_pence=line.ledger_pence,
        )
        for line in lines
    )
    return _compared(report, lines)


def _compared(report: BrokerReport, lines: list[Line]) -> dict[str, Any]:
    return {
        "report_id": report.report_id,
        "outcome": report.outcome,
        "owner": report.owner,
        "due_on": report.due_on,
        "lines": [
            {
                "funder_id": line.funder_id,
                "reported_pence": line.reported_pence,
                "ledger_pence": line.ledger_pence,
                "difference_pence": line.difference_pence,
            }
            for line in lines
        ],
    }
