"""Keeping what is shown for direct payments, and booking what comes back of them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import KeptHold
from services.budget.agreements.models import Budget, BudgetItem, locked_budget
from services.budget.direct_payments import rules as payment_rules
from services.budget.direct_payments.models import DirectPayment
from services.budget.holds import purchases
from services.budget.holds import rules as hold_rules
from services.budget.holds.purchases import Standing
from services.budget.holds.rules import Host
from services.budget.money_routes.rules import ItemNotInPlanError
from services.budget.returns import register, rules
from services.budget.returns.commands import (
    RecordPaymentReturned,
    RecordReturn,
    SpendAgain,
    TakeBackUnpaid,
    TellOverdueReturn,
)
from services.budget.returns.models import (
    OverdueReturn,
    PaidAfterFailure,
    Return,
    ReturnedPayment,
)
from services.budget.returns.rules import DirectPaymentNotFoundError
from shared.contracts.budget.direct_payments import ReturnOverdue
from shared.errors import IdReusedError
from shared.messaging import outbox
from shared.trace import Trace


def record_return(command: RecordReturn, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Book what the person has shown to be spent, once, from each funder's part of what is there.

    Raises:
        IdReusedError: another return has this id.
        BudgetNotFoundError, ItemNotInPlanError: there is no such item, in no version of the plan.
        ScheduleDatesWrongError: its period holds no day.
        NotDueYetError: its period has not begun.
        ReturnExceedsPaidError: less of the item's money is with the person.
    """
    locked_budget(session, command.budget_id)
    asked = {name: getattr(command, name) for name in command.__slots__}
    known = session.get(Return, command.return_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in asked.items()):
            raise IdReusedError("Another return has this id.")
    else:
        _see_that_it_can_be_shown(command, session=session, trace=trace)
        there = register.with_person(session, command.budget_id, command.item_id)
        rules.see_that_it_is_there(command.spent_pence, there)
        session.add(Return(actor=trace.actor, recorded_at=trace.at, **asked))
        booking = bookkeeper.todays_booking(
            command.budget_id,
            kind=JournalKind.EVIDENCE,
            source_id=command.return_id,
            reason="It was shown what a direct payment was spent on.",
            entries=rules.evidence_entries(command.spent_pence, there),
            trace=trace,
        )
        bookkeeper.book(session, booking)
    left = register.with_person(session, command.budget_id, command.item_id)
    return {"return_id": command.return_id, "with_person_pence": sum(left.values())}


def _see_that_it_can_be_shown(command: RecordReturn, *, session: Session, trace: Trace) -> None:
    item = session.get(BudgetItem, command.item_id)
    if item is None or item.budget_id != command.budget_id:
        raise ItemNotInPlanError("This budget's plan never had such an item.")
    payment_rules.see_that_dates_follow(
        starts_on=command.period_starts_on, ends_on=command.period_ends_on, newest_starts_on=None
    )
    payment_rules.see_that_it_has_come(command.period_starts_on, today=trace.today)


def record_payment_returned(
    command: RecordPaymentReturned, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Book what of a direct payment came back, once for each bank reference, along its portions.

    Raises:
        DirectPaymentNotFoundError: there is no such payment.
        IdReusedError: another amount came back under this reference.
        ReturnExceedsPaidError: less of it is with the person.
    """
    standing, before, host = _locked(session, command.payment_id, trace=trace)
    key = (command.payment_id, command.bank_reference)
    known = session.get(ReturnedPayment, key)
    if known is not None:
        if known.amount_pence != command.amount_pence:
            raise IdReusedError("Another amount came back under this reference.")
        return {"payment_id": command.payment_id, "posted_pence": before.posted_pence}
    there = register.with_person(session, before.budget_id, before.item_id)
    rules.see_that_it_is_there(command.amount_pence, {before.purchase_id: before.posted_pence})
    rules.see_that_it_is_there(command.amount_pence, there)
    hold, entries = rules.less(
        before, command.amount_pence, parts=standing.parts, host=host, there=there
    )
    session.add(
        ReturnedPayment(
            payment_id=command.payment_id,
            bank_reference=command.bank_reference,
            amount_pence=command.amount_pence,
            actor=trace.actor,
            recorded_at=trace.at,
        )
    )
    booked = replace(
        purchases.booking(hold, kind=JournalKind.REFUND, entries=entries, trace=trace),
        reason="Money of a direct payment came back.",
        metadata={"reference": command.bank_reference},
    )
    purchases.book(booked, standing, session=session, trace=trace)
    purchases.tell_overspent(hold, standing, before=before, session=session, trace=trace)
    return {"payment_id": command.payment_id, "posted_pence": hold.posted_pence}


def _locked(session: Session, payment_id: UUID, *, trace: Trace) -> tuple[Standing, KeptHold, Host]:
    """Lock a direct payment's budget, and return how it stands.

    Raises:
        DirectPaymentNotFoundError: there is no such payment.
    """
    standing = purchases.as_it_stands(session, payment_id, on=trace.today)
    payment = session.get(DirectPayment, payment_id)
    if payment is None or standing is None or standing.hold is None or standing.host is None:
        raise DirectPaymentNotFoundError("There is no such direct payment.")
    return standing, standing.hold, standing.host


def take_back_unpaid(command: TakeBackUnpaid, *, session: Session, trace: Trace) -> None:
    """Put a payment into the budget again that the bank could not make, once.

    Where it is known that the bank has made it after all, this comes late and changes nothing.

    Raises:
        DirectPaymentNotFoundError: there is no such payment.
        ReturnExceedsPaidError: something is shown to be spent of it, or came back: the person has
            it. Somebody has to look, unless it is told that it was paid after all.
    """
    _locked(session, command.payment_id, trace=trace)
    if session.get(PaidAfterFailure, command.payment_id) is not None:
        return
    returned = RecordPaymentReturned(
        payment_id=command.payment_id,
        amount_pence=command.amount_pence,
        bank_reference=rules.not_paid(command.payment_id),
    )
    record_payment_returned(returned, session=session, trace=trace)


def spend_again(command: SpendAgain, *, session: Session, trace: Trace) -> None:
    """Spend what of a payment was taken back as not paid, once: the bank has made it after all.

    The money is out of the bank, so nothing refuses it: what is not available any more is
    overspent, and told. Where nothing was taken back, nothing will be from now on.

    Raises:
        DirectPaymentNotFoundError: there is no such payment.
    """
    standing, before, host = _locked(session, command.payment_id, trace=trace)
    if session.get(PaidAfterFailure, command.payment_id) is not None:
        return
    session.add(
        PaidAfterFailure(payment_id=command.payment_id, actor=trace.actor, recorded_at=trace.at)
    )
    key = (command.payment_id, rules.not_paid(command.payment_id))
    taken_back = session.get(ReturnedPayment, key)
    if taken_back is None:
        return
    hold, entries = hold_rules.brought_to(
        before,
        held_pence=0,
        posted_pence=before.posted_pence + taken_back.amount_pence,
        unmatched_pence=before.unmatched_pence,
        parts=standing.parts,
        host=host,
        account=rules.WITH_PERSON,
    )
    booked = replace(
        purchases.booking(hold, kind=JournalKind.CAPTURE, entries=entries, trace=trace),
        reason="The bank made a direct payment that had failed.",
    )
    purchases.book(booked, standing, session=session, trace=trace)
    purchases.tell_overspent(hold, standing, before=before, session=session, trace=trace)


def tell_overdue_return(command: TellOverdueReturn, *, session: Session, trace: Trace) -> None:
    """Tell once that nothing was shown for an item's payments since a day."""
    locked_budget(session, command.budget_id)
    if session.get(OverdueReturn, (command.item_id, command.since_on)) is not None:
        return
    still = {
        one.item_id: one
        for one in register.unevidenced(session, budget_id=command.budget_id)
        if one.since_on == command.since_on
    }
    if command.item_id not in still:  # shown meanwhile
        return
    session.add(OverdueReturn(item_id=command.item_id, since_on=command.since_on, told_at=trace.at))
    event = ReturnOverdue(
        occurred_at=trace.at,
        budget_id=command.budget_id,
        person_id=session.get_one(Budget, command.budget_id).person_id,
        item_id=command.item_id,
        unevidenced_pence=still[command.item_id].unevidenced_pence,
        since_on=command.since_on,
    )
    outbox.add(session, event, trace=trace)
