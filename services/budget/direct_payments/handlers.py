"""Scheduling and making direct payments."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.budget.direct_payments import register, rules
from services.budget.direct_payments.commands import (
    PayDirectPayment,
    PayDirectPayments,
    ScheduleDirectPayment,
)
from services.budget.direct_payments.models import DirectPayment, Schedule, UnpaidDirectPayment
from services.budget.funders import handlers as funders
from services.budget.holds import handlers as holds
from services.budget.holds import purchases
from services.budget.holds.commands import PlaceHold
from services.budget.holds.purchases import Standing
from services.budget.money_routes import handlers as routes
from services.budget.money_routes.models import route_on
from services.budget.money_routes.rules import Route, see_that_it_goes
from shared.contracts.budget.direct_payments import DirectPaymentMade, DirectPaymentNotMade
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
    newest = register.newest(session, command.item_id)
    rules.see_that_dates_follow(
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        newest_starts_on=newest.starts_on if newest else None,
    )
    number = newest.number + 1 if newest else 1
    session.add(Schedule(number=number, actor=trace.actor, recorded_at=trace.at, **asked))
    return {"schedule_id": command.schedule_id}


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
        or register.is_followed(session, schedule, period_starts_on)
    ):
        return _DONE
    try:
        _make(schedule, payment_id, period_starts_on, standing, session=session, trace=trace)
    except Refusal as refusal:
        _tell_once(schedule, period_starts_on, refusal.code, session=session, trace=trace)
        return refusal.code
    return _PAID


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
