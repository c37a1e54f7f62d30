"""What payments says of direct payments."""

from sqlalchemy.orm import Session

from services.budget.returns import handlers
from services.budget.returns.commands import SpendAgain, TakeBackUnpaid
from shared.contracts.payments.direct_payments import DirectPaymentFailed, DirectPaymentPaid
from shared.trace import Trace


def direct_payment_failed(event: DirectPaymentFailed, *, session: Session, trace: Trace) -> None:
    """Take all of a payment back that the bank could not make, once; see ``take_back_unpaid``."""
    command = TakeBackUnpaid(payment_id=event.payment_id, amount_pence=event.amount_pence)
    handlers.take_back_unpaid(command, session=session, trace=trace)


def direct_payment_paid(event: DirectPaymentPaid, *, session: Session, trace: Trace) -> None:
    """Spend a payment again that had failed, see ``spend_again``; any other is spent already."""
    if event.has_failed_before:
        command = SpendAgain(payment_id=event.payment_id)
        handlers.spend_again(command, session=session, trace=trace)
