"""What payments tells and people hear of, put into the facts of its topic."""

from sqlalchemy.orm import Session

from services.notifications.choices.rules import london_day
from services.notifications.messages import handlers
from services.notifications.messages.commands import Tell, about
from services.notifications.messages.rules import day_in_words
from shared.contracts.payments.decisions import AuthorisationDeclined
from shared.contracts.payments.direct_payments import DirectPaymentPaid
from shared.contracts.payments.purchases import (
    PurchaseApprovalWanted,
    PurchaseCompleted,
    PurchaseRefused,
)
from shared.contracts.payments.receipts import ReceiptMissing
from shared.money import pounds
from shared.trace import Trace


def tell_purchase_made(event: PurchaseCompleted, *, session: Session, trace: Trace) -> None:
    told = about(
        event,
        "purchase_made",
        description=event.description,
        cost=pounds(event.posted_pence),
        available=pounds(event.available_pence),
    )
    handlers.tell(told, session=session, trace=trace)


def tell_money_paid_in(event: DirectPaymentPaid, *, session: Session, trace: Trace) -> None:
    """Tell that the bank has paid a direct payment: then the money can be seen in the account.

    Of what an earlier release told it is not known whom it concerns.
    """
    if event.person_id is not None:
        told = Tell(
            event_id=event.event_id,
            person_id=event.person_id,
            topic="money_paid_in",
            facts={"amount": pounds(event.amount_pence)},
        )
        handlers.tell(told, session=session, trace=trace)


def tell_purchase_being_checked(
    event: PurchaseApprovalWanted, *, session: Session, trace: Trace
) -> None:
    due_on = day_in_words(london_day(event.due_at))
    told = about(event, "purchase_being_checked", due_on=due_on)
    handlers.tell(told, session=session, trace=trace)


def tell_purchase_refused(event: PurchaseRefused, *, session: Session, trace: Trace) -> None:
    told = about(event, "purchase_refused", reason=event.reason, next_step=event.next_step)
    handlers.tell(told, session=session, trace=trace)


def tell_payment_declined(event: AuthorisationDeclined, *, session: Session, trace: Trace) -> None:
    """Tell of a payment that did not go through. One that did is told when it is booked."""
    told = about(
        event,
        "payment_declined",
        amount=pounds(event.amount_pence),
        reason=event.reason,
        next_step=event.next_step,
    )
    handlers.tell(told, session=session, trace=trace)


def tell_receipt_wanted(event: ReceiptMissing, *, session: Session, trace: Trace) -> None:
    """Tell the broker that something is not shown yet, each time that payments reminds of it.

    Of what an earlier release told it is not known whom it concerns.
    """
    if event.person_id is not None:
        facts = {
            "missing": pounds(event.missing_pence),
            "completed_on": day_in_words(event.completed_on),
            "reviewed_on": day_in_words(event.reviewed_on),
        }
        told = Tell(
            event_id=event.event_id,
            person_id=event.person_id,
            topic="receipt_wanted",
            facts=facts,
        )
        handlers.tell(told, session=session, trace=trace)
