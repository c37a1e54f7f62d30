"""The bank takes orders, settles them, and says so by signed webhook."""

import base64
import hashlib
import hmac

import pytest
import requests

from simulators.bank.app import create_app
from simulators.bank.settings import Settings, settings_from_environment
from tests.simulators.listener import Answer, listening, serving

KEY = b"a key of the bank and its customer"
PAID = "payment_order.paid"


@pytest.fixture
def customer():
    with listening() as listener:
        yield listener


@pytest.fixture
def bank_url(customer):
    settings = Settings(
        api_key="bank_key",
        webhook_url=f"{customer.url}/bank",
        webhook_secret="whsec_" + base64.b64encode(KEY).decode(),
    )
    with serving(create_app(settings)) as url:
        yield url


@pytest.fixture
def bank(bank_url):
    def ask(method, path, **how):
        headers = {"Authorization": "Bearer bank_key", **how.pop("headers", {})}
        return requests.request(method, f"{bank_url}{path}", headers=headers, timeout=5, **how)

    return ask


@pytest.fixture
def place(bank):
    def place(order, *, key="key-1"):
        return bank("POST", "/payment-orders", json=order, headers={"Idempotency-Key": key})

    return place


def an_order(*, account_number="12345678", **fields):
    return {
        "reference": "b6f0c8d2-0000-4000-8000-000000000001",
        "amount_pence": 120_00,
        "currency": "GBP",
        "payee": {"name": "A Helper", "sort_code": "010203", "account_number": account_number},
        "remittance": "WAGES WK 12",
        **fields,
    }


def test_an_order_is_accepted_and_then_paid(place, bank, customer):
    answer = place(an_order())

    order = answer.json()
    assert answer.status_code == 201
    assert (order["status"], order["amount_pence"]) == ("accepted", 120_00)
    told = customer.wait_for(PAID)[0].event
    assert told["data"] == {
        "payment_order_id": order["payment_order_id"],
        "reference": order["reference"],
        "status": "paid",
        "amount_pence": 120_00,
        "failure_reason": None,
    }
    by_id = bank("GET", f"/payment-orders/{order['payment_order_id']}").json()
    by_reference = bank("GET", "/payment-orders", params={"reference": order["reference"]}).json()
    assert by_id["status"] == "paid"
    assert by_reference["payment_orders"] == [by_id]


def test_an_order_to_a_closed_account_fails(place, customer):
    place(an_order(account_number="00000000"))

    told = customer.wait_for("payment_order.failed")[0].event["data"]
    assert (told["status"], told["failure_reason"]) == ("failed", "account_closed")


def test_a_webhook_is_signed_as_standard_webhooks_say(place, customer):
    place(an_order())

    received = customer.wait_for(PAID)[0]
    headers = {name.lower(): value for name, value in received.headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + received.body
    signature = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{signature}"


def test_a_webhook_comes_again_with_the_same_id_until_it_is_taken(place, customer):
    customer.answer_with("/bank", Answer(status=503), Answer(status=204, body=b""))

    place(an_order())

    first, second = customer.wait_for(PAID, times=2)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_the_same_key_and_order_is_one_order(place, bank, customer):
    first, second = place(an_order()), place(an_order())

    assert first.json()["payment_order_id"] == second.json()["payment_order_id"]
    customer.wait_for(PAID)
    found = bank("GET", "/payment-orders", params={"reference": an_order()["reference"]})
    assert len(found.json()["payment_orders"]) == 1


def test_the_same_key_with_another_order_is_a_conflict(place):
    place(an_order())

    assert place(an_order(amount_pence=1)).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reference": "x" * 37}, "reference"),
        ({"amount_pence": 0}, "amount_pence"),
        ({"amount_pence": True}, "amount_pence"),
        ({"amount_pence": "100"}, "amount_pence"),
        ({"currency": "EUR"}, "currency"),
        ({"remittance": "x" * 19}, "remittance"),
        ({"payee": "A Helper"}, "payee"),
        ({"payee": {"name": "A", "sort_code": "01-02-03"}}, "payee.sort_code"),
        ({"account_number": "1234567"}, "payee.account_number"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_mistake_names_its_field_and_stores_nothing(wrong, field, place, bank):
    order = an_order(**wrong)

    answer = place(order)

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert field in {error["field"] for error in answer.json()["errors"]}
    found = bank("GET", "/payment-orders", params={"reference": order["reference"]})
    assert found.json()["payment_orders"] == []


def test_an_order_needs_an_idempotency_key_and_a_json_object(bank, place):
    without_key = bank("POST", "/payment-orders", json=an_order())

    assert without_key.status_code == 400
    assert without_key.json()["errors"][0]["field"] == "Idempotency-Key"
    assert place(["no object"]).status_code == 400


def test_an_enquiry_names_one_reference(bank):
    assert bank("GET", "/payment-orders").json()["errors"][0]["field"] == "reference"


def test_the_settings_come_from_the_environment(monkeypatch):
    for name in ("API_KEY", "WEBHOOK_URL", "WEBHOOK_SECRET"):
        monkeypatch.setenv(f"BANK_{name}", name)

    settings = settings_from_environment()

    assert settings.webhook_url == "WEBHOOK_URL"
    assert "API_KEY" not in repr(settings)


def test_a_wrong_key_is_not_let_in(bank):
    answer = bank("GET", "/payment-orders/po_1", headers={"Authorization": "Bearer wrong"})

    assert answer.status_code == 401


def test_an_unknown_order_is_not_found(bank):
    assert bank("GET", "/payment-orders/po_none").status_code == 404


def test_an_order_whose_answer_was_lost_can_be_found_and_is_paid_once(place, bank, customer):
    bank("POST", "/_sim/faults", json={"fault": "accept_then_time_out", "times": 1})

    lost = place(an_order())
    again = place(an_order())

    assert (lost.status_code, again.status_code) == (504, 200)
    customer.wait_for(PAID)
    found = bank("GET", "/payment-orders", params={"reference": an_order()["reference"]}).json()
    assert [one["status"] for one in found["payment_orders"]] == ["paid"]


def test_an_order_refused_for_a_while_is_not_stored(place, bank):
    bank("POST", "/_sim/faults", json={"fault": "refuse_503", "times": 1})

    assert place(an_order()).status_code == 503
    assert place(an_order()).status_code == 201


def test_a_rule_sends_a_webhook_twice(place, bank, customer):
    bank("POST", "/_sim/faults", json={"fault": "duplicate_event", "type": PAID})

    place(an_order())

    first, second = customer.wait_for(PAID, times=2)
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_the_simulator_says_that_it_lives(bank):
    assert bank("GET", "/health/live").status_code == 200
