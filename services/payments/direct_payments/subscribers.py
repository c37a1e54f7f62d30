"""What the ledger says of direct payments."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.payments.direct_payments import handlers
from services.payments.direct_payments.commands import OrderDirectPayment
from services.payments.direct_payments.models import DirectPayment
from services.payments.entitlements.models import Plan
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from shared.contracts.budget.direct_payments import DirectPaymentMade, ReturnOverdue
from shared.errors import NotKnownYetError
from shared.trace import Trace


def direct_payment_made(event: DirectPaymentMade, *, session: Session, trace: Trace) -> None:
    """Order the transfer, once for each payment.

    Raises:
        NotKnownYetError: the plan has not arrived here.
    """
    plan = session.get(Plan, event.budget_id)
    if plan is None:
        raise NotKnownYetError("No approved plan for this budget is known here yet.")
    session.execute(
        insert(DirectPayment)
        .values(
            payment_id=event.payment_id,
            budget_id=event.budget_id,
            item_id=event.item_id,
            person_id=plan.person_id,
            amount_pence=event.amount_pence,
            period_starts_on=event.period_starts_on,
            told_at=trace.at,
            correlation_id=trace.correlation_id,
        )
        .on_conflict_do_nothing()
    )
    command = OrderDirectPayment(payment_id=event.payment_id)
    handlers.order(command, session=session, trace=trace)


def return_overdue(event: ReturnOverdue, *, session: Session, trace: Trace) -> None:
    """Have somebody ask the person, offer help and hold a review. Payments go on meanwhile."""
    task = RaiseException(
        kind=ExceptionKind.RETURN_MISSING,
        about=f"item/{event.item_id}/{event.since_on}",
        amount_pence=event.unevidenced_pence,
    )
    exceptions.raise_exception(task, session=session, trace=trace)
