"""When an invoice is paid."""

import enum

from services.payments.entitlements.rules import Rail
from services.payments.purchases.rules import PurchaseState
from shared.errors import Refusal
from shared.money import pounds


class TransferState(enum.StrEnum):
    ORDERED = "ordered"  # by us; the bank has not confirmed it yet
    ACCEPTED = "accepted"
    PAID = "paid"
    FAILED = "failed"


ENDED = (TransferState.PAID, TransferState.FAILED)


class NotOnInvoiceError(Refusal):
    """The purchase is paid in another way."""

    code = "not_on_invoice"
    next_step = "Record invoices only for items that the plan pays on invoice."


class PurchaseNotReadyError(Refusal):
    """The money for this purchase is not held, or it is over."""

    code = "purchase_not_ready"
    next_step = "Wait until the purchase is ready; if it is over, ask for a new one."


class InvoiceAboveHoldError(Refusal):
    """The invoice is more than what is held for the purchase."""

    code = "invoice_above_hold"
    next_step = "Ask the supplier to correct the invoice, or ask for a purchase of its amount."

    def __init__(self, *, amount_pence: int, held_pence: int) -> None:
        super().__init__(
            f"{pounds(held_pence)} is held for this purchase; the invoice is more.",
            amount_pence=amount_pence,
            held_pence=held_pence,
        )


class InvoiceAlreadyRecordedError(Refusal):
    """Another invoice is being paid for this purchase, or was."""

    code = "invoice_already_recorded"
    next_step = "Ask for a new purchase if the supplier is owed more."


def check_invoice(*, rail: Rail, state: PurchaseState, amount_pence: int, held_pence: int) -> None:
    """See that an invoice can be paid from what its purchase holds.

    Raises:
        NotOnInvoiceError, PurchaseNotReadyError, InvoiceAboveHoldError: it cannot.
    """
    if rail is not Rail.INVOICE:
        raise NotOnInvoiceError("This purchase is not paid on invoice.")
    if state is not PurchaseState.READY:
        raise PurchaseNotReadyError("Nothing can be paid for this purchase now.")
    if amount_pence > held_pence:
        raise InvoiceAboveHoldError(amount_pence=amount_pence, held_pence=held_pence)
