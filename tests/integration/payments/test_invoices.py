"""Suppliers' invoices: several on one purchase, and the same one never twice."""

from uuid import UUID, uuid4

import pytest

from services.payments.exceptions.commands import ResolveException
from services.payments.exceptions.handlers import resolve_exception
from services.payments.exceptions.models import RaisedException
from services.payments.exceptions.rules import Resolution
from services.payments.holds import subscribers as holds
from services.payments.holds.commands import CancelPurchase, FinishPurchase, LapsePurchase
from services.payments.holds.handlers import cancel_purchase, finish_purchase, lapse
from services.payments.holds.rules import AlreadyOrderedError
from services.payments.purchases.rules import HOLD_MARGIN
from services.payments.purchases.states import PurchaseState
from services.payments.requesting.handlers import request_purchase
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


def test_once_the_hold_is_over_no_more_is_paid_from_it_and_what_is_ordered_stays_held(
    *, held, invoice, carry_out, now, errands
):
    purchase_id = held("invoice")
    invoice(purchase_id, 10_00, "1")
    near_its_end = a_trace(at=now(purchase_id).hold_expires_at - HOLD_MARGIN)

    with pytest.raises(rules.PurchaseNotReadyError):
        carry_out(transfers.record_invoice, an_invoice(purchase_id, 5_00, "2"), trace=near_its_end)
    carry_out(lapse, LapsePurchase(purchase_id=purchase_id), trace=near_its_end)

    assert now(purchase_id).held_pence == 10_00
    assert now(purchase_id).finished_at is not None
    assert len(errands("order_transfer")) == 1


def test_a_hold_that_the_ledger_let_go_pays_only_what_was_ordered(held, invoice, hear, now):
    purchase_id = held("invoice")
    invoice(purchase_id, 10_00, "1")

    hear(holds.hold_expired, facts.expired(purchase_id, version=2))

    assert now(purchase_id).held_pence == 10_00
    with pytest.raises(rules.InvoiceAboveHoldError):
        invoice(purchase_id, 5_00, "2")


def test_what_the_bank_has_paid_is_not_cancelled_however_the_ledger_lags(
    held, invoice, end, carry_out, now
):
    purchase_id = held("invoice")
    invoice(purchase_id, 10_00, "1")
    end(10_00)
    assert now(purchase_id).state is PurchaseState.PART_FULFILLED

    with pytest.raises(AlreadyOrderedError):
        carry_out(cancel_purchase, CancelPurchase(purchase_id=purchase_id, reason="Not wanted"))

    assert now(purchase_id).ending is None


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


def test_an_invoice_that_is_paid_is_not_paid_for_another_purchase(
    two_purchases, invoice, end, errands
):
    first, second = two_purchases
    invoice(first, 10_00)
    end(10_00)

    with pytest.raises(rules.InvoicePaidBeforeError):
        invoice(second, 10_00)

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
    invoice(purchase_id, 15_00, "3")
    assert now(purchase_id).promised_pence == 15_00
    assert told("exception_resolved") == []  # that was another invoice


@pytest.mark.parametrize("by", ["sending it again", "the bank, which pays it after all"])
def test_that_an_invoice_failed_is_nobodys_task_once_it_is_on_its_way_or_paid(
    *, held, invoice, end, told, transaction, by
):
    purchase_id = held("invoice")
    invoice(purchase_id, 10_00, "1")
    invoice(purchase_id, 15_00, "2")
    end(15_00, TransferState.FAILED)
    (raised,) = told("exception_raised")
    with pytest.raises(rules.InvoiceAboveHoldError):
        invoice(purchase_id, 25_01, "2")
    assert told("exception_resolved") == []

    for _ in range(2):
        invoice(purchase_id, 15_00, "2") if by == "sending it again" else end(15_00)

    (ended,) = told("exception_resolved")
    assert ended["exception_id"] == raised["exception_id"]
    with transaction() as session:
        task = session.get_one(RaisedException, UUID(raised["exception_id"]))
    assert (task.kind, task.resolution) == ("transfer_failed", "corrected")


def test_a_task_that_somebody_ended_by_hand_stays_as_they_ended_it(
    *, held, invoice, end, told, carry_out, transaction
):
    purchase_id = held("invoice")
    invoice(purchase_id, 10_00, "1")
    invoice(purchase_id, 15_00, "2")
    end(15_00, TransferState.FAILED)
    exception_id = UUID(told("exception_raised")[0]["exception_id"])
    by_hand = ResolveException(
        exception_id=exception_id,
        resolution=Resolution.NOT_OURS,
        resolved_by=uuid4(),
        reason="The supplier has closed.",
    )
    carry_out(resolve_exception, by_hand)

    invoice(purchase_id, 15_00, "2")

    with transaction() as session:
        task = session.get_one(RaisedException, exception_id)
    assert (task.resolution, task.reason) == ("not_ours", "The supplier has closed.")


def test_a_failed_invoice_sent_again_is_ordered_again_under_a_reference_of_its_own(
    *, held, invoice, end, now, errands, transaction
):
    purchase_id = held("invoice")
    invoice(purchase_id, 10_00, "1")
    end(10_00)
    invoice(purchase_id, 15_00, "2")
    end(15_00, TransferState.FAILED)

    for _ in range(2):
        invoice(purchase_id, 15_00, "2")

    assert now(purchase_id).promised_pence == 15_00
    first, again = (one for one in errands("order_transfer") if one["amount_pence"] == 15_00)
    assert first["reference"] != again["reference"]
    paid = {"payment_order_id": "po", "status": TransferState.PAID, "failure_reason": None}
    with transaction() as session:
        transfers.record_order(paid, again, session=session, trace=a_trace())
    invoice(purchase_id, 15_00, "2")
    assert (now(purchase_id).promised_pence, now(purchase_id).posted_pence) == (0, 25_00)
    with pytest.raises(rules.InvoiceAlreadyRecordedError):
        invoice(purchase_id, 14_00, "2")


def test_a_failed_invoice_of_a_purchase_that_is_over_is_not_answered_as_if_it_were_paid(
    held, invoice, end
):
    purchase_id = held("invoice")
    invoice(purchase_id, 10_00)
    end(10_00, TransferState.FAILED)

    with pytest.raises(rules.PurchaseNotReadyError):
        invoice(purchase_id, 10_00)


def test_an_invoice_that_failed_wholly_can_be_paid_for_a_new_purchase(
    two_purchases, invoice, end, now, errands
):
    first, second = two_purchases
    invoice(first, 10_00)
    end(10_00, TransferState.FAILED)
    assert now(first).state is PurchaseState.REFUSED

    invoice(second, 10_00)

    assert len(errands("order_transfer")) == 2


@pytest.mark.parametrize("is_the_other_paid", [False, True])
def test_what_the_bank_pays_after_it_failed_is_booked_though_another_purchase_has_the_invoice(
    *, two_purchases, invoice, now, errands, told, transaction, is_the_other_paid
):
    first, second = two_purchases
    invoice(first, 10_00)
    ended = {"payment_order_id": "po", "failure_reason": None}
    failed, paid = ({**ended, "status": one} for one in (TransferState.FAILED, TransferState.PAID))
    (order_of_first,) = errands("order_transfer")

    def answers(order, answer):
        with transaction() as session:
            transfers.record_order(answer, order, session=session, trace=a_trace())

    answers(order_of_first, failed)
    invoice(second, 10_00)
    (order_of_second,) = errands("order_transfer")[1:]
    if is_the_other_paid:
        answers(order_of_second, paid)

    answers(order_of_first, paid)

    assert now(first).posted_pence == 10_00
    assert [one["kind"] for one in told("exception_raised")] == ["transfer_paid_after_failure"]
    if not is_the_other_paid:
        answers(order_of_second, paid)
    assert now(second).posted_pence == 10_00
