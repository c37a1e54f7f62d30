"""Ordering a direct payment, once, to an account that two people have looked at."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.direct_payments.commands import OrderDirectPayment
from services.payments.direct_payments.models import DirectPayment
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import NOBODY, ExceptionKind
from services.payments.payees.models import ItemPayee, Payee
from services.payments.payees.rules import Relationship
from services.payments.transfers import handlers as transfers
from services.payments.transfers.models import Transfer
from shared.trace import Trace

WHOSE = (Relationship.SELF, Relationship.NOMINEE)


def order(command: OrderDirectPayment, *, session: Session, trace: Trace) -> None:
    """Order a direct payment's transfer, or have somebody see to its account.

    The payment's id is the reference at the bank: it is paid once, however often this is done.
    """
    payment = session.get_one(DirectPayment, command.payment_id, with_for_update=True)
    if payment.ordered_at is not None:
        return
    story = replace(trace, correlation_id=payment.correlation_id)
    payee = _payee(payment, session=session)
    if payee is None or not payee.is_confirmed:
        _have_looked_at(payment, session=session, trace=story)
        return
    payment.ordered_at = trace.at
    exceptions.end_of_purchase(
        payment.payment_id, by=NOBODY, reason="ordered", session=session, trace=story
    )
    transfer = Transfer(
        transfer_id=payment.payment_id,
        purchase_id=None,
        budget_id=payment.budget_id,
        payee_id=payee.payee_id,
        amount_pence=payment.amount_pence,
        ordered_at=trace.at,
        supplier_key=payee.name_key,
    )
    transfers.order_transfer(transfer, payee, session=session, trace=story)


def _payee(payment: DirectPayment, *, session: Session) -> Payee | None:
    """Return the account to which the item is linked, or else the only one.

    It is the person's or their nominee's, and a link counts when two people have looked at it.
    """
    accounts = (
        select(Payee)
        .where(Payee.person_id == payment.person_id)
        .where(Payee.relationship.in_(WHOSE))
    )
    link = session.get(ItemPayee, payment.item_id)
    if link is not None:
        if not link.is_confirmed:
            return None
        accounts = accounts.where(Payee.payee_id == link.payee_id)
    own = session.scalars(accounts).all()
    return own[0] if len(own) == 1 else None


def _have_looked_at(payment: DirectPayment, *, session: Session, trace: Trace) -> None:
    task = RaiseException(
        kind=ExceptionKind.DIRECT_PAYMENT_WAITS,
        about=f"direct_payment/{payment.payment_id}",
        purchase_id=payment.payment_id,
        amount_pence=payment.amount_pence,
    )
    exceptions.raise_exception(task, session=session, trace=trace)
