"""Suppliers' invoices: several on one purchase, and the same one never twice."""

from uuid import uuid4

import pytest

from services.payments.exceptions.models import RaisedException
from services.payments.holds import subscribers as holds
from services.payments.holds.commands import FinishPurchase
from services.payments.holds.handlers import finish_purchase
from services.payments.purchases.handlers import request_purchase
from services.payments.purchases.states import PurchaseState
from services.payments.transfers import handlers as transfers
from services.payments.transfers import rules
from services.payments.transfers.commands import RecordInvoice
from services.payments.transfers.rules import TransferState
from services.payments.transfers.schemas import RecordInvoiceForm
from tests.factories import a_trace
from tests.integration.payments import facts


def an_invoice(purchase_id, amount_pence, number="INV-1", **changed):
    return RecordInvoice(
        purchase_id=purchase_id, invoice_number=number, amount_pence=amount_pence, **changed
    )


@pytest.fixture
def invoice(carry_out):
    def record(*args, **changed):
        return carry_out(transfers.record_invoice, an_invoice(*args, **changed))

    return record


@pytest.fixture
def end(transaction, errands):
    """Let the bank end the newest order of an amount."""

    def end_one(amount_pence, state=TransferState.PAID):
        (order,) = [one for one in errands("order_transfer") if one["amount_pence"] == amount_pence]
        answer = {"payment_order_id": "po", "status": state, "failure_reason": None}
        with transaction() as session:
            transfers.record_order(answer, order, session=session, trace=a_trace())

    return end_one


@pytest.fixture
def two_purchases(known_plan, ask, carry_out, hear):
    """Hold money for two purchases of one supplier, on invoice."""
    plan = known_plan(facts.an_item(rail="invoice"))
    commands = [ask(plan), ask(plan)]
    for command in commands:
        carry_out(request_purchase, command)
        hear(holds.hold_placed, facts.placed(command.purchase_id))
    return [command.purchase_id for command in commands]


def test_several_invoices_are_paid_up_to_the_hold_and_the_rest_is_let_go(
    *, held, invoice, end, carry_out, hear, now, told
):
    purchase_id = held("invoice")
    invoice(purchase_id, 10_00, "1")
    end(10_00)
    assert now(purchase_id).state is PurchaseState.PART_FULFILLED
    assert (now(purchase_id).held_pence, now(purchase_id).posted_pence) == (25_00, 10_00)
    invoice(purchase_id, 15_00, "2")
    with pytest.raises(rules.InvoiceAboveHoldError):
        invoice(purchase_id, 10_01, "3")

    finish = FinishPurchase(purchase_id=purchase_id, reason="The course is shorter")
    carry_out(finish_purchase, finish)
    assert now(purchase_id).held_pence == 15_00  # ordered, so still held
    end(15_00)

    amounts = told("purchase_amounts_changed")[-1]
    assert (amounts["held_pence"], amounts["posted_pence"]) == (0, 25_00)
    hear(holds.hold_captured, facts.captured(purchase_id, posted_pence=25_00))
    assert now(purchase_id).state is PurchaseState.COMPLETED


def test_the_last_invoice_lets_the_rest_go(held, invoice, end, now):
    purchase_id = held("invoice")

    invoice(purchase_id, 10_00, is_last=True)
    end(10_00)

    assert (now(purchase_id).held_pence, now(purchase_id).posted_pence) == (0, 10_00)


def test_the_same_invoice_on_another_purchase_is_refused_and_names_it(
    two_purchases, invoice, errands
):
    first, second = two_purchases
    invoice(first, 10_00, "INV-0 17")

    for is_not_a_repeat in (False, True):
        with pytest.raises(rules.InvoicePaidBeforeError) as refused:
            invoice(second, 10_00, "inv/017", is_not_a_repeat=is_not_a_repeat)

    assert refused.value.details == {"other_purchase_id": str(first)}
    assert len(errands("order_transfer")) == 1


def test_another_amount_under_a_number_of_the_same_supplier_is_asked_about(
    two_purchases, invoice, errands
):
    first, second = two_purchases
    invoice(first, 10_00)

    answer = invoice(second, 12_00)

    assert answer["question"]["code"] == "is_it_another_invoice"
    assert answer["question"]["other_purchase_id"] == first
    assert answer["state"] is PurchaseState.READY
    assert len(errands("order_transfer")) == 1
    invoice(second, 12_00, is_not_a_repeat=True, not_a_repeat_because="They count from 1 a month")
    assert len(errands("order_transfer")) == 2


def test_who_says_that_it_is_no_repeat_says_why():
    document = {
        "purchase_id": str(uuid4()),
        "invoice_number": "1",
        "amount_pence": 1,
        "is_not_a_repeat": True,
    }

    assert RecordInvoiceForm().validate(document).keys() == {"not_a_repeat_because"}


def test_one_failed_invoice_of_several_is_looked_at_and_can_be_sent_again(
    *, held, invoice, end, now, told, transaction
):
    purchase_id = held("invoice")
    invoice(purchase_id, 10_00, "1")
    end(10_00)
    invoice(purchase_id, 15_00, "2")

    end(15_00, TransferState.FAILED)

    assert now(purchase_id).state is PurchaseState.PART_FULFILLED
    assert (now(purchase_id).held_pence, now(purchase_id).promised_pence) == (25_00, 0)
    assert told("purchase_refused") == []
    with transaction() as session:
        raised = session.query(RaisedException).one()
        assert (raised.kind, raised.amount_pence) == ("transfer_failed", 15_00)
    invoice(purchase_id, 15_00, "2 again", is_not_a_repeat=False)
    assert now(purchase_id).promised_pence == 15_00


def test_an_invoice_that_failed_wholly_can_be_paid_for_a_new_purchase(
    two_purchases, invoice, end, now, errands
):
    first, second = two_purchases
    invoice(first, 10_00)
    end(10_00, TransferState.FAILED)
    assert now(first).state is PurchaseState.REFUSED

    invoice(second, 10_00)

    assert len(errands("order_transfer")) == 2
