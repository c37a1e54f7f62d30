import json
from uuid import UUID, uuid4

import pytest

from services.payments.holds import subscribers as holds
from services.payments.overview import queries, schemas
from services.payments.receipts.commands import AttachReceipt
from services.payments.receipts.handlers import attach_receipt
from services.payments.transfers import handlers as transfers
from shared.contracts import documents
from shared.errors import NotFoundError
from shared.messaging import answering
from tests.factories import a_trace
from tests.integration.payments import facts


@pytest.fixture
def look_up(transaction):
    def ask(question, asked=None):
        with transaction() as session:
            return documents.plain(question(asked, session=session))

    return ask


def test_a_purchase_is_shown_with_its_decisions_and_receipts(with_card, client, carry_out, look_up):
    purchase_id, card = with_card()
    secret = facts.SETTINGS.issuer_authorisations_secret
    document = facts.a_request(card, category_code="7995", event_id="evt_1")
    client.post("/webhooks/issuer/authorizations", **facts.of_the_issuer(document, secret=secret))
    receipt = AttachReceipt(
        purchase_id=purchase_id, receipt_id=uuid4(), sha256="ab" * 32, amount_pence=35_00
    )
    carry_out(attach_receipt, receipt)

    shown = look_up(queries.purchase, purchase_id)

    (decision,) = shown.pop("decisions")
    assert (decision["event_id"], decision["code"]) == ("evt_1", "excluded_by_funder")
    assert (decision["approved_pence"], decision["policy_version"]) == (0, "1.0.0")
    (attached,) = shown.pop("receipts")
    assert UUID(shown.pop("item_id"))
    assert (attached["receipt_id"], attached["sha256"]) == (str(receipt.receipt_id), "ab" * 32)
    assert shown == {
        "purchase_id": str(purchase_id),
        "state": "ready",
        "rail": "card",
        "amount_pence": 35_00,
        "counted_pence": 35_00,
        "held_pence": 35_00,
        "posted_pence": 0,
        "issuer_card_id": card,
        "description": "Riding lessons",
        "payee": "Riding School",
        "refusal": None,
        "waits_for": None,
    }
    totals = look_up(queries.totals)
    assert totals["card_declines"] == 1
    assert 0 < totals["decision_ms"]["p50"] <= totals["decision_ms"]["p99"]


def test_a_refused_purchase_is_shown_with_its_reason(requested, hear, look_up):
    purchase_id = requested()
    hear(holds.hold_refused, facts.refused(purchase_id))

    shown = look_up(queries.purchase, purchase_id)

    assert shown["issuer_card_id"] is None
    assert shown["refusal"] == {
        "code": "insufficient_funds",
        "reason": "There is not enough money in this budget.",
        "next_step": "Ask for less.",
    }


def test_a_budgets_purchases_are_listed(held, now, look_up):
    purchase_id = held()
    held()

    shown = look_up(queries.purchases, now(purchase_id).budget_id)

    assert [one["purchase_id"] for one in shown] == [str(purchase_id)]


def test_totals_count_what_was_paid_by_rail(held, hear, look_up, transaction):
    held("invoice")
    purchase_id = held("bacs")
    paid = {"payment_order_id": "po_1", "status": "paid", "failure_reason": None}
    with transaction() as session:
        arguments = {"reference": str(purchase_id)}
        transfers.record_order(paid, arguments, session=session, trace=a_trace())
    hear(holds.hold_captured, facts.captured(purchase_id))

    assert look_up(queries.totals) == {
        "purchases": {"card": 0, "bacs": 1, "invoice": 0},
        "card_declines": 0,
        "decision_ms": {"p50": 0, "p99": 0},
        "open": 1,
    }


def test_a_purchase_that_is_not_there_is_not_found(look_up):
    with pytest.raises(NotFoundError):
        look_up(queries.purchase, uuid4())


def test_questions_are_read_from_their_json():
    purchase_id = uuid4()

    assert answering.load(schemas.PurchaseForm(), {"purchase_id": str(purchase_id)}) == (
        purchase_id
    )
    assert answering.load(schemas.PurchasesForm(), {"budget_id": str(purchase_id)}) == (purchase_id)
    assert json.dumps(answering.load(schemas.TotalsForm(), {})) == "{}"
