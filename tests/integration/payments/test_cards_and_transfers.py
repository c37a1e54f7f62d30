from uuid import uuid4

import pytest
from sqlalchemy import select

from services.payments.cards import issuing
from services.payments.cards.models import Card
from services.payments.holds import subscribers as holds
from services.payments.purchases.states import PurchaseState
from services.payments.requesting.handlers import request_purchase
from services.payments.transfers import handlers as transfers
from services.payments.transfers import rules
from services.payments.transfers.commands import RecordInvoice
from services.payments.transfers.models import Transfer
from services.payments.transfers.rules import TransferState
from shared.errors import NotFoundError
from tests.factories import a_trace
from tests.integration.payments import facts

ACCEPTED = {"payment_order_id": "po_1", "status": "accepted", "failure_reason": None}
PAID = {**ACCEPTED, "status": "paid"}


@pytest.fixture
def record(transaction):
    """Record the outcome of an errand about a purchase."""

    def record_one(recorder, answer, purchase_id):
        arguments = {"purchase_id": str(purchase_id), "reference": str(purchase_id)}
        with transaction() as session:
            recorder(answer, arguments, session=session, trace=a_trace())

    return record_one


def test_an_issued_card_makes_the_purchase_ready(with_card, now, told, transaction):
    purchase_id, card = with_card()

    assert now(purchase_id).state is PurchaseState.READY
    assert [event["rail"] for event in told("purchase_ready")] == ["card"]
    with transaction() as session:
        kept = session.scalars(select(Card)).one()
    assert kept.issuer_card_id == card
    assert told("card_issued") == [{"card_id": str(kept.card_id), "purchase_id": str(purchase_id)}]


def test_a_broker_becomes_a_cardholder_once(
    *, known_plan, ask, carry_out, hear, transaction, errands, record
):
    plan = known_plan()
    first, second = ask(plan), ask(plan)
    for command in (first, second):
        carry_out(request_purchase, command)
    hear(holds.hold_placed, facts.placed(first.purchase_id))
    answer = {"issuer_cardholder_id": "ich_1", "issuer_card_id": "ic_1"}
    record(issuing.record_card, answer, first.purchase_id)

    hear(holds.hold_placed, facts.placed(second.purchase_id))

    assert [asked["issuer_cardholder_id"] for asked in errands("issue_card")] == [None, "ich_1"]
    record(issuing.record_card, {**answer, "issuer_card_id": "ic_2"}, second.purchase_id)


def test_a_card_that_the_issuer_refuses_frees_the_money(held, record, now, told):
    purchase_id = held()

    for _ in range(2):
        record(issuing.card_not_issued, "issuer:refused", purchase_id)

    assert now(purchase_id).state is PurchaseState.REFUSED
    (event,) = told("purchase_refused")
    assert event["code"] == "card_not_issued"
    (amounts,) = told("purchase_amounts_changed")
    assert (amounts["held_pence"], amounts["posted_pence"]) == (0, 0)


def test_a_paid_transfer_costs_its_amount(held, record, now, told):
    purchase_id = held("bacs")

    record(transfers.record_order, ACCEPTED, purchase_id)
    assert told("purchase_amounts_changed") == []
    record(transfers.record_order, PAID, purchase_id)

    (amounts,) = told("purchase_amounts_changed")
    assert (amounts["held_pence"], amounts["posted_pence"]) == (0, 35_00)
    assert now(purchase_id).state is PurchaseState.AUTHORISED


def test_a_transfer_that_the_bank_refuses_frees_the_money(held, record, now, told):
    purchase_id = held("bacs")

    record(transfers.order_given_up, "bank:422", purchase_id)

    assert now(purchase_id).state is PurchaseState.REFUSED
    (event,) = told("purchase_refused")
    assert event["code"] == "transfer_failed"
    (amounts,) = told("purchase_amounts_changed")
    assert (amounts["held_pence"], amounts["posted_pence"]) == (0, 0)


def test_a_transfer_of_unknown_outcome_keeps_the_money_held_and_somebody_asks_the_bank(
    held, record, now, told
):
    purchase_id = held("bacs")

    for _ in range(2):
        record(transfers.order_given_up, "out_of_tries", purchase_id)

    assert now(purchase_id).held_pence == 35_00
    assert now(purchase_id).state is PurchaseState.AUTHORISED
    assert told("purchase_amounts_changed") == []
    (raised,) = told("exception_raised")
    assert (raised["kind"], raised["role"]) == ("transfer_outcome_unknown", "finance_officer")


@pytest.mark.parametrize("tells_first", [True, False])
def test_nobody_asks_about_a_transfer_whose_end_the_bank_has_told(held, record, told, tells_first):
    purchase_id = held("bacs")
    steps = [(transfers.order_given_up, "out_of_tries"), (transfers.record_order, PAID)]

    for recorder, answer in steps[:: -1 if tells_first else 1]:
        record(recorder, answer, purchase_id)

    ended = [one["resolution"] for one in told("exception_resolved")]
    assert ended == ([] if tells_first else ["corrected"])
    assert len(told("exception_raised")) == len(ended)


def test_money_that_was_paid_after_all_is_booked(held, record, now, told):
    purchase_id = held("bacs")
    record(transfers.order_given_up, "bank:409", purchase_id)

    record(transfers.record_order, PAID, purchase_id)

    assert (now(purchase_id).held_pence, now(purchase_id).posted_pence) == (0, 35_00)
    amounts = told("purchase_amounts_changed")[-1]
    assert (amounts["held_pence"], amounts["posted_pence"]) == (0, 35_00)


def test_nothing_is_believed_after_the_bank_has_paid(held, record, transaction, told):
    purchase_id = held("bacs")

    record(transfers.record_order, PAID, purchase_id)
    record(transfers.order_given_up, "bank:409", purchase_id)
    record(transfers.record_order, ACCEPTED, purchase_id)

    with transaction() as session:
        assert session.get_one(Transfer, purchase_id).state is TransferState.PAID
    assert len(told("purchase_amounts_changed")) == 1


def an_invoice(purchase_id, **changed):
    return RecordInvoice(
        **{
            "purchase_id": purchase_id,
            "invoice_number": "INV-1",
            "amount_pence": 30_00,
            **changed,
        }
    )


def test_an_invoice_is_paid_once_with_its_own_amount(held, carry_out, errands, record, told):
    purchase_id = held("invoice")

    for _ in range(2):
        answer = carry_out(transfers.record_invoice, an_invoice(purchase_id))

    assert answer == {"state": PurchaseState.AUTHORISED}
    (ordered,) = errands("order_transfer")
    assert (ordered["amount_pence"], ordered["remittance"]) == (30_00, "INV-1")
    record(transfers.record_order, PAID, ordered["reference"])
    (amounts,) = told("purchase_amounts_changed")
    assert (amounts["held_pence"], amounts["posted_pence"]) == (5_00, 30_00)


def test_another_amount_under_the_same_number_is_refused(held, carry_out, errands):
    purchase_id = held("invoice")
    carry_out(transfers.record_invoice, an_invoice(purchase_id))

    with pytest.raises(rules.InvoiceAlreadyRecordedError):
        carry_out(transfers.record_invoice, an_invoice(purchase_id, amount_pence=5_00))

    assert len(errands("order_transfer")) == 1


@pytest.mark.parametrize(
    ("rail", "amount_pence", "refusal"),
    [
        ("invoice", 35_01, rules.InvoiceAboveHoldError),
        ("bacs", 30_00, rules.NotOnInvoiceError),
    ],
)
def test_an_invoice_that_cannot_be_paid_orders_nothing(
    *, held, carry_out, errands, rail, amount_pence, refusal
):
    purchase_id = held(rail)
    ordered = len(errands("order_transfer"))

    with pytest.raises(refusal):
        carry_out(transfers.record_invoice, an_invoice(purchase_id, amount_pence=amount_pence))

    assert len(errands("order_transfer")) == ordered


def test_an_invoice_before_the_money_is_held_is_refused(requested, carry_out, errands):
    purchase_id = requested("invoice")

    with pytest.raises(rules.PurchaseNotReadyError):
        carry_out(transfers.record_invoice, an_invoice(purchase_id))

    assert errands("order_transfer") == []


def test_an_invoice_for_no_purchase_is_refused(carry_out):
    with pytest.raises(NotFoundError):
        carry_out(transfers.record_invoice, an_invoice(uuid4()))
