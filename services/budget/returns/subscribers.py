"""What payments says of direct payments."""

from sqlalchemy.orm import Session

from services.budget.returns import handlers
from services.budget.returns.commands import RecordPaymentReturned
from shared.contracts.payments.direct_payments import DirectPaymentFailed
from shared.trace import Trace


def direct_payment_failed(event: DirectPaymentFailed, *, session: Session, trace: Trace) -> None:
    """Take all of a payment back that the bank could not make, once.

    Raises:
        DirectPaymentNotFoundError: there is no such payment.
        ReturnExceedsPaidError: something is shown to be spent of it. Somebody has to look.
    """
    command = RecordPaymentReturned(
        payment_id=event.payment_id,
        amount_pence=event.amount_pence,
        bank_reference=f"not paid: {event.payment_id}",
    )
    handlers.record_payment_returned(command, session=session, trace=trace)
