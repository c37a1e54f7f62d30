"""Asking for wages: a purchase whose amount follows from the hours."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.entitlements.models import PlanItem
from services.payments.payees import queries as register
from services.payments.payees.rules import PayeeNotAgreedError, PayeeUnknownError
from services.payments.purchases.commands import RequestPurchase
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import is_it_a_repeat
from services.payments.requesting import handlers as asking
from services.payments.wages import rules
from services.payments.wages.commands import RequestWages
from services.payments.wages.models import Wage
from shared.errors import IdReusedError
from shared.trace import Trace


def request_wages(command: RequestWages, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Ask for the purchase of hours worked, once for each ``purchase_id``.

    Days for which wages were asked before are asked about, as any purchase like another.

    Raises:
        NotPaidByTransferError, NotAnAssistantError, WorkedDatesError: these are no wages.
        PayeeUnknownError: nobody has written down who works.
        PayeeNotAgreedError: family or a friend, and a funder has not agreed.
        IdReusedError: ``purchase_id`` was used for something else.
        Whatever ``request_purchase`` raises.
    """
    request = _purchase(command)
    known = session.get(Wage, command.purchase_id)
    if known is not None:
        if _said(known) != _said(command):
            raise IdReusedError("Another purchase has this id.")
        answer = asking.request_purchase(request, session=session, trace=trace)
        return {**answer, "amount_pence": request.amount_pence}
    item, person_id = asking.item_to_buy(request, session=session, trace=trace)
    _see_that_they_can_be_paid(command, item, person_id, session=session, trace=trace)
    same_days = None if command.is_not_a_repeat else _same_days(command, item, session=session)
    if same_days is not None:
        return is_it_a_repeat(command.purchase_id, similar_purchase_id=same_days)
    answer = asking.request_purchase(request, session=session, trace=trace)
    if answer["state"] is not None:
        session.flush()
        session.add(
            Wage(
                purchase_id=command.purchase_id,
                minutes=command.minutes,
                hourly_rate_pence=command.hourly_rate_pence,
                worked_from_on=command.worked_from_on,
                worked_until_on=command.worked_until_on,
            )
        )
    return {**answer, "amount_pence": request.amount_pence}


def _purchase(command: RequestWages) -> RequestPurchase:
    return RequestPurchase(
        purchase_id=command.purchase_id,
        budget_id=command.budget_id,
        item_id=command.item_id,
        amount_pence=rules.wages_pence(
            minutes=command.minutes, hourly_rate_pence=command.hourly_rate_pence
        ),
        requested_by=command.requested_by,
        instruction=command.instruction,
        is_not_a_repeat=command.is_not_a_repeat,
        not_a_repeat_because=command.not_a_repeat_because,
        is_wage=True,
    )


def _said(one: Wage | RequestWages) -> tuple[object, ...]:
    return (one.minutes, one.hourly_rate_pence, one.worked_from_on, one.worked_until_on)


def _see_that_they_can_be_paid(
    command: RequestWages, item: PlanItem, person_id: UUID, *, session: Session, trace: Trace
) -> None:
    payee = register.payee_of(item, person_id=person_id, session=session)
    if payee is None:
        raise PayeeUnknownError
    rules.check_wages(
        rail=item.rail,
        relationship=payee.relationship,
        worked_from_on=command.worked_from_on,
        worked_until_on=command.worked_until_on,
        today=trace.today,
    )
    if not register.is_agreed(payee, item, on=trace.today, session=session):
        raise PayeeNotAgreedError


def _same_days(command: RequestWages, item: PlanItem, *, session: Session) -> UUID | None:
    """Return a purchase of wages for the item, or for its payee, of which a day is the same."""
    overlapping = (
        select(Wage.purchase_id)
        .join(Purchase, Purchase.purchase_id == Wage.purchase_id)
        .join(PlanItem, PlanItem.item_id == Purchase.item_id)
        .where(Purchase.budget_id == command.budget_id, Purchase.ending.is_(None))
        .where((Purchase.item_id == item.item_id) | (PlanItem.payee == item.payee))
        .where(Wage.worked_from_on <= command.worked_until_on)
        .where(Wage.worked_until_on >= command.worked_from_on)
        .limit(1)
    )
    return session.scalar(overlapping)
