"""Ordering transfers, and what the bank's answers lead to."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from services.payments.entitlements.models import PlanItem
from services.payments.entitlements.rules import Rail
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import Amounts, paid_by_transfer, together
from services.payments.transfers import payee_accounts, rules
from services.payments.transfers.commands import RecordInvoice
from services.payments.transfers.models import Transfer
from services.payments.transfers.rules import TransferState
from shared.messaging import errands
from shared.trace import Trace

ORDER_TRANSFER = "order_transfer"

log = structlog.get_logger()


def record_invoice(
    command: RecordInvoice, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep a supplier's invoice and pay it, once.

    Raises:
        NotFoundError: no such purchase.
        NotOnInvoiceError, PurchaseNotReadyError, InvoiceAboveHoldError: it cannot be paid.
        InvoiceAlreadyRecordedError: another one is being paid.
    """
    purchase = purchases.locked(session, command.purchase_id)
    earlier = session.get(Transfer, command.purchase_id)
    if earlier is not None and earlier.invoice_number is not None:
        if (earlier.invoice_number, earlier.amount_pence) == (
            command.invoice_number,
            command.amount_pence,
        ):
            return {"state": purchase.state}
        raise rules.InvoiceAlreadyRecordedError("This purchase has another invoice.")
    rules.check_invoice(
        rail=purchase.rail,
        state=purchase.state,
        amount_pence=command.amount_pence,
        held_pence=purchase.held_pence,
    )
    order_transfer(
        purchase,
        amount_pence=command.amount_pence,
        invoice_number=command.invoice_number,
        session=session,
        trace=trace,
    )
    return {"state": purchase.state}


def order_transfer(
    purchase: Purchase,
    *,
    amount_pence: int,
    invoice_number: str | None,
    session: Session,
    trace: Trace,
) -> None:
    """Have the payee paid; the purchase's id is the reference by which we can enquire."""
    payee = session.get_one(PlanItem, purchase.item_id).payee
    account = payee_accounts.account_of(payee)
    session.add(
        Transfer(
            purchase_id=purchase.purchase_id,
            amount_pence=amount_pence,
            invoice_number=invoice_number,
            ordered_at=trace.at,
        )
    )
    arguments = {
        "reference": str(purchase.purchase_id),
        "amount_pence": amount_pence,
        "payee_name": payee,
        "sort_code": account.sort_code,
        "account_number": account.account_number,
        "remittance": invoice_number or "Common Purse",
    }
    errands.add(session, ORDER_TRANSFER, arguments, trace=trace)


def amounts_of(purchase: Purchase, *, session: Session) -> Amounts | None:
    """Return what a transfer holds and has cost; None: the purchase is paid by card."""
    if purchase.rail is Rail.CARD:
        return None
    transfer = session.get(Transfer, purchase.purchase_id)
    if transfer is None or transfer.state is TransferState.FAILED:
        return Amounts(held_pence=0, posted_pence=0, captured_pence=0)
    if transfer.state is TransferState.PAID:
        return paid_by_transfer(transfer.amount_pence)
    return Amounts(held_pence=transfer.amount_pence, posted_pence=0, captured_pence=0)


def record_order(
    answer: Mapping[str, Any], arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Keep that the bank has the order; it may know already how the transfer ended."""
    purchase = purchases.locked(session, UUID(arguments["reference"]))
    transfer = session.get_one(Transfer, purchase.purchase_id)
    transfer.payment_order_id = answer["payment_order_id"]
    if transfer.state is TransferState.ORDERED:
        transfer.state = TransferState.ACCEPTED
    if answer["status"] in rules.ENDED:
        end_transfer(
            purchase,
            TransferState(answer["status"]),
            failure_reason=answer["failure_reason"],
            session=session,
            trace=trace,
        )


def order_given_up(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Free the money if the bank refused the order; keep it held if the outcome is unknown."""
    if reason == errands.OUT_OF_TRIES:
        log.error("transfer_outcome_unknown", purchase_id=arguments["reference"])
        return
    purchase = purchases.locked(session, UUID(arguments["reference"]))
    end_transfer(
        purchase, TransferState.FAILED, failure_reason=reason, session=session, trace=trace
    )


def end_transfer(
    purchase: Purchase,
    state: TransferState,
    *,
    failure_reason: str | None,
    session: Session,
    trace: Trace,
) -> None:
    """Follow the bank: paid, or failed for good.

    Money that has gone has gone: ``paid`` is believed whatever was said before, and nothing is
    believed after it.
    """
    transfer = session.get_one(Transfer, purchase.purchase_id)
    if transfer.state is TransferState.PAID or transfer.state is state:
        return
    if transfer.state is TransferState.FAILED:
        log.error("transfer_paid_after_it_failed", purchase_id=str(purchase.purchase_id))
        command = RaiseException(
            kind=ExceptionKind.TRANSFER_PAID_AFTER_FAILURE,
            about=f"purchase/{purchase.purchase_id}",
            purchase_id=purchase.purchase_id,
            amount_pence=transfer.amount_pence,
        )
        exceptions.raise_exception(command, session=session, trace=trace)
    transfer.state = state
    transfer.failure_reason = failure_reason
    if state is TransferState.PAID:
        # What was taken on a card before its rail was changed stays taken.
        taken = Amounts(
            held_pence=0,
            posted_pence=purchase.posted_pence,
            captured_pence=purchase.captured_pence,
            unmatched_pence=purchase.unmatched_pence,
        )
        amounts = together(taken, paid_by_transfer(transfer.amount_pence))
        purchases.set_amounts(purchase, amounts, session=session, trace=trace)
        return
    purchases.refuse(
        purchase,
        code="transfer_failed",
        reason="The bank could not pay the payee. No money has left the budget.",
        next_step="Check the payee's account details and ask for the purchase again.",
        session=session,
        trace=trace,
    )
