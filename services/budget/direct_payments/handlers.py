"""Scheduling and making direct payments, and keeping what is shown for them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts import bookkeeper
from services.budget.accounts.bookkeeper import Booking
from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import Entry, KeptHold
from services.budget.agreements.models import BudgetItem
from services.budget.direct_payments import register, rules
from services.budget.direct_payments.commands import (
    PayDirectPayment,
    PayDirectPayments,
    RecordPaymentReturned,
    RecordReturn,
    ScheduleDirectPayment,
    TellOverdueReturn,
)
from services.budget.direct_payments.models import (
    DirectPayment,
    OverdueReturn,
    Return,
    ReturnedPayment,
    Schedule,
    UnpaidDirectPayment,
)
from services.budget.direct_payments.rules import WITH_PERSON, DirectPaymentNotFoundError
from services.budget.funders import handlers as funders
from services.budget.holds import handlers as holds
from services.budget.holds import purchases
from services.budget.holds import rules as hold_rules
from services.budget.holds.commands import PlaceHold
from services.budget.holds.purchases import Standing
from services.budget.holds.rules import Host, Part
from services.budget.money_routes import handlers as routes
from services.budget.money_routes.models import route_on
from services.budget.money_routes.rules import (
    ItemNotInPlanError,
    Route,
    see_that_it_goes,
)
from shared.contracts.budget import DirectPaymentMade, DirectPaymentNotMade, ReturnOverdue
from shared.errors import IdReusedError, Refusal
from shared.messaging import outbox
from shared.trace import Trace

MOST_PAYMENTS = 100  # of one command, and as many budgets locked


def schedule_direct_payment(
    command: ScheduleDirectPayment, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Keep how much is paid for an item and how often; it ends the item's schedule before.

    Raises:
        IdReusedError: another schedule has this id.
        BudgetNotFoundError, ItemNotInPlanError: there is no such item in the plan.
        ItemOnOtherRouteError: the item does not go by direct payment when it starts.
        ScheduleDatesWrongError, ScheduleBeforeNewestError: see ``rules``.
    """
    routes.locked_item(session, command.budget_id, command.item_id)
    asked = {name: getattr(command, name) for name in command.__slots__}
    known = session.get(Schedule, command.schedule_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in asked.items()):
            raise IdReusedError("Another schedule has this id.")
        return {"schedule_id": known.schedule_id}
    route = route_on(session, command.item_id, command.starts_on)
    see_that_it_goes(route.route if route else Route.HOST, by=Route.DIRECT_PAYMENT)
    newest = _newest(session, command.item_id)
    rules.see_that_dates_follow(
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        newest_starts_on=newest.starts_on if newest else None,
    )
    number = newest.number + 1 if newest else 1
    session.add(Schedule(number=number, actor=trace.actor, recorded_at=trace.at, **asked))
    return {"schedule_id": command.schedule_id}


def _newest(session: Session, item_id: UUID) -> Schedule | None:
    of_item = select(Schedule).where(Schedule.item_id == item_id)
    return session.scalars(of_item.order_by(Schedule.number.desc()).limit(1)).first()


def pay_direct_payments(
    command: PayDirectPayments, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Make the payments of a pool that are due, once each, a hundred at a time.

    ``is_all`` is false when it must be sent again, as another, for those that were not tried yet.
    What could not be paid is told with its reason, and tried again with the next run.

    Raises:
        PoolNotFoundError: there is no such pool.
        NotDueYetError: the day has not come.
    """
    rules.see_that_it_has_come(command.on, today=trace.today)
    funders.partners_of(session, command.pool_id)
    due = sorted(
        register.due(session, on=command.on, pool_id=command.pool_id),
        key=lambda one: one.is_tried,
    )
    # In one order, so that two of these wait for one another and never in a circle.
    now = sorted(due[:MOST_PAYMENTS], key=lambda one: (one.budget_id, one.period_starts_on))
    outcomes = [
        _pay(one.schedule_id, one.period_starts_on, session=session, trace=trace) for one in now
    ]
    return {
        "paid": sum(outcome == _PAID for outcome in outcomes),
        "not_paid": [
            {
                "schedule_id": one.schedule_id,
                "period_starts_on": one.period_starts_on,
                "code": outcome,
            }
            for one, outcome in zip(now, outcomes, strict=True)
            if outcome not in (_PAID, _DONE)
        ],
        "is_all": all(one.is_tried for one in due[MOST_PAYMENTS:]),
    }


def pay_direct_payment(command: PayDirectPayment, *, session: Session, trace: Trace) -> None:
    """Make one payment that is due, once; where it cannot be made that is told, once."""
    _pay(command.schedule_id, command.period_starts_on, session=session, trace=trace)


_PAID, _DONE = "paid", "done"  # now, or before


def _pay(schedule_id: UUID, period_starts_on: date, *, session: Session, trace: Trace) -> str:
    """Make a payment, and return that it was made, or the code of why not."""
    schedule = session.get_one(Schedule, schedule_id)
    payment_id = rules.payment_id(schedule_id, period_starts_on)
    standing = purchases.as_it_stands(
        session,
        payment_id,
        budget_id=schedule.budget_id,
        item_id=schedule.item_id,
        on=trace.today,
    )
    if (
        standing is None
        or standing.hold is not None
        or _is_followed(session, schedule, period_starts_on)
    ):
        return _DONE
    try:
        _make(schedule, payment_id, period_starts_on, standing, session=session, trace=trace)
    except Refusal as refusal:
        _tell_once(schedule, period_starts_on, refusal.code, session=session, trace=trace)
        return refusal.code
    return _PAID


def _is_followed(session: Session, schedule: Schedule, period_starts_on: date) -> bool:
    """Say whether a later schedule counts for a period: it may have come meanwhile."""
    later = (
        select(Schedule.schedule_id)
        .where(Schedule.item_id == schedule.item_id, Schedule.number > schedule.number)
        .where(Schedule.starts_on <= period_starts_on)
    )
    return session.scalars(later.limit(1)).first() is not None


def _make(
    schedule: Schedule,
    payment_id: UUID,
    period_starts_on: date,
    standing: Standing,
    *,
    session: Session,
    trace: Trace,
) -> None:
    route = route_on(session, schedule.item_id, trace.today)
    see_that_it_goes(standing.route, by=Route.DIRECT_PAYMENT)
    command = PlaceHold(
        purchase_id=payment_id,
        budget_id=schedule.budget_id,
        item_id=schedule.item_id,
        amount_pence=schedule.amount_pence,
    )
    holds.spend_at_once(
        command,
        standing,
        occurred_on=trace.today,
        reason="A direct payment was made to the person or their nominee.",
        session=session,
        trace=trace,
    )
    if route is None or route.payee is None or route.account_reference is None:
        raise AssertionError  # a CHECK says that a direct payment has both
    session.add(
        DirectPayment(
            payment_id=payment_id,
            schedule_id=schedule.schedule_id,
            period_starts_on=period_starts_on,
            amount_pence=schedule.amount_pence,
            payee=route.payee,
            account_reference=route.account_reference,
            actor=trace.actor,
            paid_at=trace.at,
        )
    )
    event = DirectPaymentMade(
        occurred_at=trace.at,
        payment_id=payment_id,
        budget_id=schedule.budget_id,
        item_id=schedule.item_id,
        amount_pence=schedule.amount_pence,
        period_starts_on=period_starts_on,
    )
    outbox.add(session, event, trace=trace)


def _tell_once(
    schedule: Schedule, period_starts_on: date, code: str, *, session: Session, trace: Trace
) -> None:
    key = (schedule.schedule_id, period_starts_on, code)
    if session.get(UnpaidDirectPayment, key) is not None:
        return
    session.add(
        UnpaidDirectPayment(
            schedule_id=schedule.schedule_id,
            period_starts_on=period_starts_on,
            code=code,
            told_at=trace.at,
        )
    )
    event = DirectPaymentNotMade(
        occurred_at=trace.at,
        payment_id=rules.payment_id(schedule.schedule_id, period_starts_on),
        budget_id=schedule.budget_id,
        item_id=schedule.item_id,
        amount_pence=schedule.amount_pence,
        period_starts_on=period_starts_on,
        code=code,
    )
    outbox.add(session, event, trace=trace)


def record_return(command: RecordReturn, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Book what the person has shown to be spent, once, from each funder's part of what is there.

    Raises:
        IdReusedError: another return has this id.
        BudgetNotFoundError, ItemNotInPlanError: there is no such item, in no version of the plan.
        ScheduleDatesWrongError: its period holds no day.
        NotDueYetError: its period has not begun.
        ReturnExceedsPaidError: less of the item's money is with the person.
    """
    routes.locked(session, command.budget_id)
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
        booking = Booking(
            budget_id=command.budget_id,
            kind=JournalKind.EVIDENCE,
            source_id=command.return_id,
            effective_on=trace.today,
            occurred_on=trace.today,
            actor=trace.actor,
            reason="It was shown what a direct payment was spent on.",
            entries=rules.evidence_entries(command.spent_pence, there),
        )
        bookkeeper.book(session, booking)
    left = register.with_person(session, command.budget_id, command.item_id)
    return {"return_id": command.return_id, "with_person_pence": sum(left.values())}


def _see_that_it_can_be_shown(command: RecordReturn, *, session: Session, trace: Trace) -> None:
    item = session.get(BudgetItem, command.item_id)
    if item is None or item.budget_id != command.budget_id:
        raise ItemNotInPlanError("This budget's plan never had such an item.")
    rules.see_that_dates_follow(
        starts_on=command.period_starts_on, ends_on=command.period_ends_on, newest_starts_on=None
    )
    rules.see_that_it_has_come(command.period_starts_on, today=trace.today)


def record_payment_returned(
    command: RecordPaymentReturned, *, session: Session, trace: Trace
) -> dict[str, Any]:
    """Book what of a direct payment came back, once for each bank reference, along its portions.

    Raises:
        DirectPaymentNotFoundError: there is no such payment.
        IdReusedError: another amount came back under this reference.
        ReturnExceedsPaidError: less of it is with the person.
    """
    standing = purchases.as_it_stands(session, command.payment_id, on=trace.today)
    payment = session.get(DirectPayment, command.payment_id)
    if payment is None or standing is None or standing.hold is None or standing.host is None:
        raise DirectPaymentNotFoundError("There is no such direct payment.")
    before = standing.hold
    key = (command.payment_id, command.bank_reference)
    known = session.get(ReturnedPayment, key)
    if known is not None:
        if known.amount_pence != command.amount_pence:
            raise IdReusedError("Another amount came back under this reference.")
        return {"payment_id": command.payment_id, "posted_pence": before.posted_pence}
    there = register.with_person(session, before.budget_id, before.item_id)
    rules.see_that_it_is_there(command.amount_pence, {before.purchase_id: before.posted_pence})
    rules.see_that_it_is_there(command.amount_pence, there)
    hold, entries = _less(
        before, command.amount_pence, standing.parts, host=standing.host, there=there
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
    return {"payment_id": command.payment_id, "posted_pence": hold.posted_pence}


def _less(
    hold: KeptHold,
    amount_pence: int,
    parts: Mapping[UUID, Part],
    *,
    host: Host,
    there: Mapping[UUID, int],
) -> tuple[KeptHold, list[Entry]]:
    """Return a payment's hold with so much less, and the entries by which it comes back."""
    wanted = hold_rules.wanted_at(
        held_pence=0,
        posted_pence=hold.posted_pence - amount_pence,
        asked_pence={portion.funder_id: portion.asked_pence for portion in hold.portions},
    )
    old = {portion.funder_id: portion for portion in hold.portions}
    moved = {
        one: hold_rules.moved(portion, wanted[one], parts[one]) for one, portion in old.items()
    }
    steps = {one: new.posted_pence - old[one].posted_pence for one, (new, _) in moved.items()}
    advances = rules.advances_that_fit(
        steps,
        {
            one: hold_rules.advanced_step_pence(
                step_pence=step, advanced_pence=old[one].advanced_pence, is_advanced=False
            )
            for one, step in steps.items()
        },
        there=there,
        host_id=host.funder_id,
    )
    entries: list[Entry] = []
    for one, (_, spent) in moved.items():
        entries += hold_rules.spending_entries(
            parts[one], spent, advanced_pence=advances[one], host=host, account=WITH_PERSON
        )
    portions = [
        replace(new, advanced_pence=new.advanced_pence + advances[one])
        for one, (new, _) in moved.items()
    ]
    return hold_rules.next_version(replace(hold, portions=portions), before=hold), entries


def tell_overdue_return(command: TellOverdueReturn, *, session: Session, trace: Trace) -> None:
    """Tell once that nothing was shown for an item's payments since a day."""
    routes.locked(session, command.budget_id)
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
        item_id=command.item_id,
        unevidenced_pence=still[command.item_id].unevidenced_pence,
        since_on=command.since_on,
    )
    outbox.add(session, event, trace=trace)
