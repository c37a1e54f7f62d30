from uuid import uuid4

import pytest

from services.payments.access import ACCESS
from services.payments.holds.handlers import cancel_purchase
from services.payments.holds.schemas import CancelPurchaseForm
from services.payments.purchases.schemas import RequestPurchaseForm
from services.payments.receipts.handlers import attach_receipt
from services.payments.receipts.schemas import AttachReceiptForm
from services.payments.requesting.handlers import request_purchase
from services.payments.service import PaymentsService
from services.payments.transfers.handlers import record_invoice
from services.payments.transfers.schemas import RecordInvoiceForm
from shared.contracts.actor import system
from shared.contracts.listeners import LISTENERS
from shared.messaging.answering import Call, answer_command
from shared.messaging.entrypoints import Operation, Subscription
from tests.factories import a_trace


@pytest.fixture
def call(transaction):
    """Send a command's JSON, as the edge does; returns the answer's JSON."""

    def send(schema, handler, **request):
        asked = Call(
            operation=handler.__name__,
            request=request,
            actor=system("tests"),
            command_id=uuid4(),
        )
        return answer_command(
            asked,
            schema=schema(),
            handler=handler,
            transaction=transaction,
            access=ACCESS,
            trace=a_trace(),
        )

    return send


def test_a_purchase_is_asked_for_evidenced_and_called_off_in_json(call, known_plan, ask):
    command = ask(known_plan())
    purchase_id = str(command.purchase_id)

    asked = call(
        RequestPurchaseForm,
        request_purchase,
        purchase_id=purchase_id,
        budget_id=str(command.budget_id),
        item_id=str(command.item_id),
        amount_pence=command.amount_pence,
        requested_by=str(command.requested_by),
        instruction="Bitte <b>Reitstunden</b> 🐴",
    )
    receipt = call(
        AttachReceiptForm,
        attach_receipt,
        purchase_id=purchase_id,
        receipt_id=str(uuid4()),
        sha256="ab" * 32,
        amount_pence=1,
    )
    cancelled = call(
        CancelPurchaseForm, cancel_purchase, purchase_id=purchase_id, reason="Not wanted"
    )

    assert asked == {"result": {"purchase_id": purchase_id, "state": "requested"}}
    assert receipt["refusal"]["code"] == "nothing_bought"
    assert cancelled == {"result": {"state": "cancelled"}}


def test_an_invoice_is_recorded_in_json(call, held):
    answer = call(
        RecordInvoiceForm,
        record_invoice,
        purchase_id=str(held("invoice")),
        invoice_number="INV-1",
        amount_pence=35_00,
    )

    assert answer == {"result": {"state": "authorised"}}


@pytest.mark.parametrize("amount_pence", [0, -1, 1.5, "1", 10**12])
def test_an_amount_that_is_no_whole_number_of_pence_is_refused(call, amount_pence):
    answer = call(
        RecordInvoiceForm,
        record_invoice,
        purchase_id=str(uuid4()),
        invoice_number="INV-1",
        amount_pence=amount_pence,
    )

    assert answer["refusal"]["details"].keys() == {"amount_pence"}


def test_the_service_listens_to_what_the_topology_sends_it():
    def entrypoints(kind):
        return {
            one
            for attribute in vars(PaymentsService).values()
            for one in getattr(attribute, "nameko_entrypoints", ())
            if isinstance(one, kind)
        }

    heard = {one.event_class.event_type.rpartition(".")[0] for one in entrypoints(Subscription)}

    assert heard == {name for name, who in LISTENERS.items() if "payments" in who}
    assert len(entrypoints(Operation)) == 63
