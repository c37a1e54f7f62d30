"""When an invoice is paid."""

import enum
from collections.abc import Mapping
from uuid import UUID, uuid5

from services.payments.entitlements.rules import Rail
from services.payments.purchases.states import PurchaseState, Step, is_possible
from shared.errors import Refusal
from shared.money import pounds


class TransferState(enum.StrEnum):
    ORDERED = "ordered"  # by us; the bank has not confirmed it yet
    ACCEPTED = "accepted"
    PAID = "paid"
    FAILED = "failed"


GOING = (TransferState.ORDERED, TransferState.ACCEPTED)
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
    """The purchase has an invoice of this number, of another amount."""

    code = "invoice_already_recorded"
    next_step = "Ask the supplier which amount is right, and for a number of its own."


class InvoicePaidBeforeError(Refusal):
    """The same invoice of the same payee is paid for another purchase."""

    code = "invoice_paid_before"
    next_step = "Look the other purchase up; ask the supplier which invoice is meant."

    def __init__(self, *, other_purchase_id: UUID) -> None:
        super().__init__(
            "This invoice is paid for another purchase.", other_purchase_id=str(other_purchase_id)
        )


def is_it_another_invoice(*, other_purchase_id: UUID, state: PurchaseState) -> Mapping[str, object]:
    """Return the question about an invoice whose number a supplier of this name has used before."""
    return {
        "state": state,
        "question": {
            "code": "is_it_another_invoice",
            "words": "An invoice of this number from a supplier of this name was recorded before.",
            "other_purchase_id": other_purchase_id,
            "next_step": "If it is another one, send it again with is_not_a_repeat and say why.",
        },
    }


def transfer_id_of(purchase_id: UUID, invoice_key: str | None, *, failed: int = 0) -> UUID:
    """Return the id of a transfer: always the same, so that an invoice is ordered once.

    Args:
        purchase_id: what is paid.
        invoice_key: the invoice's number as it is compared; None: paid without one.
        failed: how many transfers for this invoice the bank could not make. Each is another
            reference there: what failed is never asked for again under its own.
    """
    if invoice_key is None:
        return purchase_id
    return uuid5(purchase_id, f"{invoice_key} again {failed}" if failed else invoice_key)


def check_invoice(
    *,
    rail: Rail,
    state: PurchaseState,
    is_agreed: bool,
    is_hold_over: bool,
    amount_pence: int,
    held_pence: int,
) -> None:
    """See that an invoice can be paid from what its purchase holds and has not promised yet.

    A purchase that waits for approval can be paid in part: a person said that money which came on
    another card was for it.

    Raises:
        NotOnInvoiceError, PurchaseNotReadyError, InvoiceAboveHoldError: it cannot.
    """
    if rail is not Rail.INVOICE:
        raise NotOnInvoiceError("This purchase is not paid on invoice.")
    if not is_agreed or is_hold_over or not is_possible(Step.RECORD_INVOICE, state):
        raise PurchaseNotReadyError("Nothing can be paid for this purchase now.")
    if amount_pence > held_pence:
        raise InvoiceAboveHoldError(amount_pence=amount_pence, held_pence=held_pence)
