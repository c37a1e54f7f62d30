"""Ordering transfers, and what the bank's answers lead to."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.entitlements.models import PlanItem
from services.payments.payees import queries as register
from services.payments.payees.models import Payee
from services.payments.payees.rules import PayeeNotPayableError, folded
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from services.payments.purchases.rules import BankClaims, is_hold_over
from services.payments.transfers import rules, tasks
from services.payments.transfers.commands import RecordInvoice
from services.payments.transfers.models import Transfer
from services.payments.transfers.rules import TransferState
from shared.contracts.payments.direct_payments import DirectPaymentFailed, DirectPaymentPaid
from shared.errors import NotFoundError
from shared.messaging import errands, outbox
from shared.trace import Trace

ORDER_TRANSFER = "order_transfer"
SECOND_RAIL = "second_rail"  # why a transfer failed that was never sent

log = structlog.get_logger()


def record_invoice(
    command: RecordInvoice, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Keep a supplier's invoice and pay it, once. A purchase may have several, up to its hold.

    One that the bank could not pay is ordered anew when it is sent again, and its task ends.

    Where a supplier of this name has used the number before, it is asked whether it is another.

    Raises:
        NotFoundError: no such purchase.
        NotOnInvoiceError, PurchaseNotReadyError, InvoiceAboveHoldError: it cannot be paid.
        PayeeNotPayableError: nobody has confirmed the payee as it is now.
        InvoiceAlreadyRecordedError: this purchase has one of this number, of another amount.
        InvoicePaidBeforeError: the same invoice is paid for another purchase.
    """
    purchase = purchases.locked(session, command.purchase_id)
    key = folded(command.invoice_number) or command.invoice_number
    earlier = _invoices_of(purchase, key, session=session)
    counting = [one for one in earlier if one.state is not TransferState.FAILED]
    if counting:
        if command.amount_pence not in {one.amount_pence for one in counting}:
            raise rules.InvoiceAlreadyRecordedError("This purchase has an invoice of this number.")
        return {"state": purchase.state}
    rules.check_invoice(
        rail=purchase.rail,
        state=purchase.state,
        is_agreed=purchase.is_agreed,
        is_hold_over=is_hold_over(purchase.hold_expires_at, at=trace.at),
        amount_pence=command.amount_pence,
        held_pence=purchase.held_pence - purchase.promised_pence,
    )
    payee = payee_to_pay(purchase, session=session, trace=trace)
    other = _recorded_before(payee, key, command, session=session)
    if other is not None and not command.is_not_a_repeat:
        return rules.is_it_another_invoice(other_purchase_id=other, state=purchase.state)
    if command.is_last:
        purchase.finished_at = trace.at
        purchase.finished_because = "last invoice"
    order = Transfer(
        transfer_id=rules.transfer_id_of(purchase.purchase_id, key, failed=len(earlier)),
        purchase_id=purchase.purchase_id,
        budget_id=None,
        payee_id=payee.payee_id,
        amount_pence=command.amount_pence,
        ordered_at=trace.at,
        supplier_key=payee.name_key,
        invoice_number=command.invoice_number,
        invoice_key=key,
        not_a_repeat_because=command.not_a_repeat_because or None,
    )
    order_transfer(order, payee, session=session, trace=trace)
    tasks.ordered_again(earlier, session=session, trace=trace)
    converge(purchase, session=session, trace=trace)
    return {"state": purchase.state}


def pay_at_once(purchase: Purchase, payee: Payee, *, session: Session, trace: Trace) -> None:
    """Have the payee of a purchase paid without an invoice."""
    order = Transfer(
        transfer_id=rules.transfer_id_of(purchase.purchase_id, None),
        purchase_id=purchase.purchase_id,
        budget_id=None,
        payee_id=payee.payee_id,
        amount_pence=purchase.amount_pence,
        ordered_at=trace.at,
        supplier_key=payee.name_key,
    )
    order_transfer(order, payee, session=session, trace=trace)
    converge(purchase, session=session, trace=trace)


def order_transfer(order: Transfer, payee: Payee, *, session: Session, trace: Trace) -> None:
    """Have a payee paid; the transfer's id is the reference by which we can enquire."""
    session.add(order)
    arguments = {
        "reference": str(order.transfer_id),
        "amount_pence": order.amount_pence,
        "payee_name": payee.name,
        "payee_id": str(payee.payee_id),
        "details_version": payee.details_version,
        "sealed_account": payee.sealed_account,
        "remittance": order.invoice_number or "Common Purse",
    }
    errands.add(session, ORDER_TRANSFER, arguments, trace=trace)


def converge(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Compute what a purchase holds and has cost from all its transfers."""
    session.flush()
    transfers = session.scalars(
        select(Transfer).where(Transfer.purchase_id == purchase.purchase_id)
    ).all()
    claims = BankClaims(
        ordered_pence=sum(one.amount_pence for one in transfers if one.state in rules.GOING),
        paid_pence=sum(one.amount_pence for one in transfers if one.state is TransferState.PAID),
    )
    purchases.set_bank_claims(purchase, claims, session=session, trace=trace)


def going(purchase: Purchase, *, session: Session) -> Sequence[Transfer]:
    """Return the transfers of a purchase that the bank was told to make and has not ended."""
    return session.scalars(
        select(Transfer)
        .where(Transfer.purchase_id == purchase.purchase_id)
        .where(Transfer.state.in_(rules.GOING))
    ).all()


def take_back(purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Count no longer what the bank certainly did not get: the purchase goes another way.

    If the bank pays it all the same, that is an exception of its own.
    """
    for transfer in going(purchase, session=session):
        transfer.state = TransferState.FAILED
        transfer.failure_reason = SECOND_RAIL
        tasks.outcome_known(transfer, session=session, trace=trace)
    converge(purchase, session=session, trace=trace)


def find(session: Session, transfer_id: UUID) -> tuple[Transfer, Purchase | None]:
    """Return a transfer, and its purchase locked, if it is a purchase's.

    Raises:
        NotFoundError: there is none.
    """
    transfer = session.get(Transfer, transfer_id)
    if transfer is None:
        raise NotFoundError("There is no such transfer.", transfer_id=str(transfer_id))
    if transfer.purchase_id is None:
        session.refresh(transfer, with_for_update=True)
        return transfer, None
    purchase = purchases.locked(session, transfer.purchase_id)
    session.refresh(transfer)
    return transfer, purchase


def record_order(
    answer: Mapping[str, Any], arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Keep that the bank has the order; it may know already how the transfer ended."""
    transfer, _ = find(session, UUID(arguments["reference"]))
    transfer.payment_order_id = answer["payment_order_id"]
    if transfer.state is TransferState.ORDERED:
        transfer.state = TransferState.ACCEPTED
    if answer["status"] in rules.ENDED:
        end_transfer(
            transfer.transfer_id,
            TransferState(answer["status"]),
            failure_reason=answer["failure_reason"],
            session=session,
            trace=trace,
        )


def order_given_up(
    reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Free the money if the bank refused the order.

    If the outcome is unknown it stays held, and somebody asks the bank.
    """
    if reason == errands.OUT_OF_TRIES:
        transfer, purchase = find(session, UUID(arguments["reference"]))
        if transfer.state in rules.GOING:
            log.error("transfer_outcome_unknown", transfer_id=arguments["reference"])
            story = purchases.in_story(trace, purchase) if purchase else trace
            tasks.outcome_unknown(transfer, session=session, trace=story)
        return
    end_transfer(
        UUID(arguments["reference"]),
        TransferState.FAILED,
        failure_reason=reason,
        session=session,
        trace=trace,
    )


def end_transfer(
    transfer_id: UUID,
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
    session.flush()
    transfer, purchase = find(session, transfer_id)
    if transfer.state is TransferState.PAID or transfer.state is state:
        return
    story = purchases.in_story(trace, purchase) if purchase else trace
    has_failed = transfer.state is TransferState.FAILED
    if has_failed:
        log.error("transfer_paid_after_it_failed", transfer_id=str(transfer_id))
        tasks.paid_after_failure(transfer, session=session, trace=story)
    transfer.state = state
    transfer.failure_reason = failure_reason
    tasks.outcome_known(transfer, session=session, trace=story)
    if purchase is None:
        _tell_direct_payment(transfer, has_failed=has_failed, session=session, trace=trace)
        return
    converge(purchase, session=session, trace=story)
    if state is TransferState.FAILED:
        _not_paid(transfer, purchase, session=session, trace=story)


def _tell_direct_payment(
    transfer: Transfer, *, has_failed: bool, session: Session, trace: Trace
) -> None:
    """Tell the ledger how a direct payment went; what failed is looked at, too."""
    if transfer.budget_id is None:
        raise AssertionError  # a CHECK says that it is a purchase's or a direct payment
    told: dict[str, Any] = {
        "occurred_at": trace.at,
        "payment_id": transfer.transfer_id,
        "budget_id": transfer.budget_id,
        "amount_pence": transfer.amount_pence,
    }
    if transfer.state is not TransferState.PAID:
        outbox.add(session, DirectPaymentFailed(**told), trace=trace)
        tasks.have_looked_at(transfer, tasks.of_failure(transfer), session=session, trace=trace)
        return
    paid = DirectPaymentPaid(
        has_failed_before=has_failed,
        person_id=session.get_one(Payee, transfer.payee_id).person_id,
        **told,
    )
    outbox.add(session, paid, trace=trace)


def _not_paid(transfer: Transfer, purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """End a purchase of which nothing is paid; or else have somebody look at this invoice."""
    if purchase.captured_pence + purchase.promised_pence > 0:
        tasks.have_looked_at(transfer, tasks.of_failure(transfer), session=session, trace=trace)
        return
    purchases.refuse(
        purchase,
        code="transfer_failed",
        reason="The bank could not pay the payee. No money has left the budget.",
        next_step="Check the payee's account details and ask for the purchase again.",
        session=session,
        trace=trace,
    )


def payee_to_pay(purchase: Purchase, *, session: Session, trace: Trace) -> Payee:
    """Return whom the bank is to pay for a purchase.

    Raises:
        PayeeNotPayableError: nobody yet.
    """
    item = session.get_one(PlanItem, purchase.item_id)
    found = register.payable(item, person_id=purchase.person_id, on=trace.today, session=session)
    if isinstance(found, PayeeNotPayableError):
        raise found
    return found


def _invoices_of(purchase: Purchase, key: str, *, session: Session) -> Sequence[Transfer]:
    """Return what was ordered for a purchase's invoice of this number, each time."""
    return session.scalars(
        select(Transfer)
        .where(Transfer.purchase_id == purchase.purchase_id)
        .where(Transfer.invoice_key == key)
    ).all()


def _recorded_before(
    payee: Payee, key: str, command: RecordInvoice, *, session: Session
) -> UUID | None:
    """Return another purchase for which a supplier of this name has an invoice of this number.

    Raises:
        InvoicePaidBeforeError: it is the same payee and the same amount.
    """
    others = session.scalars(
        select(Transfer)
        .where(Transfer.supplier_key == payee.name_key, Transfer.invoice_key == key)
        .where(Transfer.state != TransferState.FAILED)
    ).all()
    for one in others:
        if (one.payee_id, one.amount_pence) == (payee.payee_id, command.amount_pence):
            raise rules.InvoicePaidBeforeError(other_purchase_id=one.purchase_id or one.transfer_id)
    return next((one.purchase_id for one in others), None)
