"""The smaller rules: invoices, receipts, calling off, and what is never kept."""

import pytest

from services.payments.bank_events.rules import EventState
from services.payments.entitlements.rules import Rail
from services.payments.holds import rules as holds
from services.payments.issuer_events.rules import scrubbed
from services.payments.purchases.states import PurchaseState
from services.payments.receipts import rules as receipts
from services.payments.transfers import rules as transfers


def an_invoice(**changed):
    return {
        "rail": Rail.INVOICE,
        "state": PurchaseState.READY,
        "is_agreed": True,
        "is_hold_over": False,
        "amount_pence": 10_00,
        "held_pence": 10_00,
    } | changed


def test_an_invoice_up_to_what_is_held_can_be_paid():
    transfers.check_invoice(**an_invoice())


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"rail": Rail.BACS}, transfers.NotOnInvoiceError),
        ({"state": PurchaseState.CANCELLED}, transfers.PurchaseNotReadyError),
        ({"is_hold_over": True}, transfers.PurchaseNotReadyError),
        ({"amount_pence": 10_01}, transfers.InvoiceAboveHoldError),
    ],
)
def test_an_invoice_that_cannot_be_paid_is_refused(changed, refusal):
    with pytest.raises(refusal):
        transfers.check_invoice(**an_invoice(**changed))


def a_cancellation(**changed):
    return {
        "state": PurchaseState.READY,
        "claimed_pence": 0,
        "through_the_bank_pence": 0,
    } | changed


def test_a_purchase_can_be_called_off_while_nobody_was_promised_money():
    holds.check_cancellation(**a_cancellation())
    holds.check_cancellation(**a_cancellation(state=PurchaseState.REQUESTED))


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"state": PurchaseState.REFUSED}, holds.PurchaseOverError),
        ({"state": PurchaseState.COMPLETED}, holds.PurchaseOverError),
        ({"claimed_pence": 1}, holds.AlreadyAuthorisedError),
        ({"through_the_bank_pence": 1}, holds.AlreadyOrderedError),
    ],
)
def test_a_purchase_that_somebody_was_paid_for_cannot_be_called_off(changed, refusal):
    with pytest.raises(refusal):
        holds.check_cancellation(**a_cancellation(**changed))


@pytest.mark.parametrize("state", [PurchaseState.READY, PurchaseState.PART_REFUNDED])
def test_a_receipt_is_taken_for_what_was_or_may_have_been_bought(state):
    receipts.check_receipt(state=state, captured_pence=0)


def test_a_receipt_is_taken_for_money_captured_after_a_cancellation():
    receipts.check_receipt(state=PurchaseState.CANCELLED, captured_pence=1)


def test_a_receipt_for_nothing_is_refused():
    with pytest.raises(receipts.NothingBoughtError):
        receipts.check_receipt(state=PurchaseState.REQUESTED, captured_pence=0)


def test_card_numbers_and_security_codes_are_dropped_wherever_they_are():
    kept = scrubbed(
        {"id": "ic_1", "number": "4", "a": [{"CVC": "1", "cvv": "2", "last4": "4242"}], "pan": 1}
    )

    assert kept == {"id": "ic_1", "a": [{"last4": "4242"}]}


def test_an_event_waits_before_it_is_applied():
    assert EventState.WAITING.value == "waiting"
