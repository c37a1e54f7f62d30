from uuid import uuid4

import pytest
from sqlalchemy import select

from services.payments.bank_events import handlers
from services.payments.bank_events.models import BankEvent
from services.payments.bank_events.rules import EventState
from services.payments.purchases.states import PurchaseState
from services.payments.transfers.models import Transfer
from services.payments.transfers.rules import TransferState
from shared.messaging.tables import Errand
from tests.factories import a_trace
from tests.integration.payments import facts

PATH = "/webhooks/bank/events"


def settled(reference, *, status="paid"):
    return {
        "type": f"payment_order.{status}",
        "timestamp": "2026-11-24T10:00:00+00:00",
        "data": {
            "payment_order_id": "po_1",
            "reference": str(reference),
            "status": status,
            "amount_pence": 35_00,
            "failure_reason": None if status == "paid" else "account_closed",
        },
    }


@pytest.fixture
def tell(client, transaction):
    """Send an event of the bank and apply it, as the errand does; returns how it stands."""

    def tell_one(document, *, message_id="msg_1"):
        sent = client.post(PATH, **facts.of_the_bank(document, message_id=message_id))
        assert sent.status_code == 200
        with transaction() as session:
            handlers.apply(message_id, {}, session=session, trace=a_trace())
        with transaction() as session:
            return session.get_one(BankEvent, message_id).state

    return tell_one


def test_a_paid_transfer_costs_its_amount_however_often_it_is_told(held, tell, now, told):
    purchase_id = held("bacs")

    for message_id in ("msg_1", "msg_1", "msg_2"):
        assert tell(settled(purchase_id), message_id=message_id) is EventState.APPLIED

    assert (now(purchase_id).held_pence, now(purchase_id).posted_pence) == (0, 35_00)
    assert len(told("purchase_amounts_changed")) == 1


def test_a_failed_transfer_frees_the_money_and_is_told_with_a_next_step(
    held, tell, now, told, transaction
):
    purchase_id = held("bacs")

    tell(settled(purchase_id, status="failed"))

    assert now(purchase_id).state is PurchaseState.REFUSED
    assert (now(purchase_id).held_pence, now(purchase_id).posted_pence) == (0, 0)
    (event,) = told("purchase_refused")
    assert event["code"] == "transfer_failed"
    with transaction() as session:
        transfer = session.scalars(select(Transfer)).one()
    assert (transfer.state, transfer.failure_reason) == (TransferState.FAILED, "account_closed")


def test_an_event_is_kept_once_and_an_errand_applies_it(client, count, transaction):
    request = facts.of_the_bank(settled(uuid4()))

    assert [client.post(PATH, **request).status_code for _ in range(2)] == [200, 200]

    assert (count(BankEvent), count(Errand)) == (1, 1)
    with transaction() as session:
        errand = session.scalars(select(Errand)).one()
    assert handlers.event_id_of(uuid4(), errand.arguments) == "msg_1"


@pytest.mark.parametrize(
    ("document", "state", "raised"),
    [
        (settled(uuid4()), EventState.UNMATCHED, ["unknown_transfer"]),
        (settled("what"), EventState.UNREADABLE, ["unreadable_event"]),
        ({"type": "payment_order.paid"}, EventState.UNREADABLE, ["unreadable_event"]),
        ({"type": "statement.ready"}, EventState.IGNORED, []),
    ],
)
def test_what_cannot_be_applied_is_kept_and_somebody_looks(tell, told, document, state, raised):
    assert tell(document) is state
    assert [one["kind"] for one in told("exception_raised")] == raised


@pytest.mark.parametrize("is_applied", [False, True])
def test_an_event_whose_errand_was_given_up_is_looked_at_unless_it_had_its_effect(
    *, client, held, told, transaction, is_applied
):
    client.post(PATH, **facts.of_the_bank(settled(held("bacs"))))
    for _ in range(2):
        with transaction() as session:
            arguments = session.scalars(
                select(Errand.arguments).where(Errand.kind == handlers.APPLY_BANK_EVENT)
            ).one()
            if is_applied:
                handlers.apply("msg_1", arguments, session=session, trace=a_trace())
            handlers.not_applied("out_of_tries", arguments, session=session, trace=a_trace())

    kinds = [one["kind"] for one in told("exception_raised")]
    assert kinds == ([] if is_applied else ["event_not_applied"])


@pytest.mark.parametrize("document", ["[]", "{", "{}", '{"type": ""}'])
def test_what_cannot_be_read_is_not_accepted(client, count, document):
    assert client.post(PATH, **facts.of_the_bank(document)).status_code == 400
    assert count(BankEvent) == 0


def test_what_the_bank_did_not_sign_is_not_accepted(client, count):
    request = facts.of_the_bank(settled(uuid4())) | {"data": "{}"}

    assert client.post(PATH, **request).status_code == 400
    assert count(BankEvent) == 0
