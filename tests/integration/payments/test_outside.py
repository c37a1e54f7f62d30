"""The errands against the real simulators over HTTP, with the official clients."""

import socket
import threading
import time
from uuid import uuid4

import pytest
import requests
import stripe
from sqlalchemy import select
from werkzeug.serving import make_server

from operations.errand_runner import ErrandRunner
from services.payments import web
from services.payments.bank_client import BankClient, TransferOrder
from services.payments.errands import kinds, kinds_with
from services.payments.holds import subscribers as holds
from services.payments.holds.commands import CancelPurchase
from services.payments.holds.handlers import cancel_purchase
from services.payments.issuer_client import CardOrder, IssuerClient
from services.payments.payees import accounts
from services.payments.purchases.states import PurchaseState
from shared.messaging.errands import (
    NotSentError,
    OutcomeUnknownError,
    RefusedOutsideError,
)
from shared.messaging.tables import Errand, ErrandState
from shared.settings import ServiceSettings
from simulators.bank import app as bank
from simulators.bank.settings import Settings as BankSettings
from simulators.card_issuer import app as card_issuer
from simulators.card_issuer.settings import Settings as IssuerSettings
from tests.integration.payments import facts
from tests.simulators.listener import Answer, listening, running, serving

PATIENCE_SECONDS = 30
ORDER = TransferOrder(
    reference="ref-1",
    amount_pence=35_00,
    payee_name="Payee " * 20,
    sort_code="010203",
    account_number="12345678",
    remittance="INV-1 and more than eighteen characters",
)


@pytest.fixture
def webhooks_url(transaction):
    app = web.app_on(transaction, settings=facts.SETTINGS)
    with running(make_server("127.0.0.1", 0, app, threaded=True)) as url:
        yield url


@pytest.fixture
def issuer_url(webhooks_url):
    settings = IssuerSettings(
        api_key=facts.SETTINGS.issuer_api_key,
        authorisations_url=f"{webhooks_url}/webhooks/issuer/authorizations",
        authorisations_secret=facts.SETTINGS.issuer_authorisations_secret,
        events_url=f"{webhooks_url}/webhooks/issuer/events",
        events_secret=facts.SETTINGS.issuer_events_secret,
    )
    with serving(card_issuer.create_app(settings)) as url:
        yield url


@pytest.fixture
def bank_url(webhooks_url):
    settings = BankSettings(
        api_key=facts.SETTINGS.bank_api_key,
        webhook_url=f"{webhooks_url}/webhooks/bank/events",
        webhook_secret=facts.SETTINGS.bank_webhook_secret,
    )
    with serving(bank.create_app(settings)) as url:
        yield url


@pytest.fixture
def until(servers, issuer_url, bank_url):
    """Run errands, as its process does, until a condition holds."""
    environment = servers.process_environment("payments")
    runner = ErrandRunner(
        service="payments",
        settings=ServiceSettings(
            database_url=environment["COMMONPURSE_DATABASE_URL"],
            broker_url="",
            wake_directory="",
        ),
        kinds=kinds_with(
            issuer=IssuerClient(url=issuer_url, api_key=facts.SETTINGS.issuer_api_key),
            bank=BankClient(url=bank_url, api_key=facts.SETTINGS.bank_api_key),
        ),
    )
    process = threading.Thread(target=runner.run)
    process.start()

    def wait(condition):
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < ends_at, "it did not come to this in time"
            threading.Event().wait(0.02)

    yield wait
    runner.stop()
    process.join()


@pytest.fixture
def issuer(issuer_url):
    """The issuer as its official client shows it."""
    return stripe.StripeClient(
        facts.SETTINGS.issuer_api_key, base_addresses={"api": issuer_url}, max_network_retries=0
    ).v1


@pytest.fixture
def shop(issuer):
    """Buy as a shop does: the official client's test helpers."""
    return issuer.test_helpers.issuing


@pytest.fixture
def all_errands_done(transaction):
    def is_so():
        with transaction() as session:
            return set(session.scalars(select(Errand.state))) == {ErrandState.DONE}

    return is_so


@pytest.fixture
def card_of(transaction):
    def issuer_card_id(purchase_id):
        with transaction() as session:
            return facts.card_of(session, purchase_id)

    return issuer_card_id


def buy(shop, card, *, category_code="8299", amount=35_00):
    return shop.authorizations.create(
        {
            "card": card,
            "amount": amount,
            "currency": "gbp",
            "merchant_data": {"category_code": category_code, "name": "Riding School"},
        }
    )


@pytest.fixture(autouse=True)
def at_the_suites_time(monkeypatch, servers):
    environment = servers.process_environment("payments")
    name = "COMMONPURSE_CLOCK_OFFSET_SECONDS"
    monkeypatch.setenv(name, environment[name])


def test_a_card_is_issued_declined_used_captured_and_refunded(
    *, held, until, now, shop, issuer, card_of
):
    purchase_id = held()
    until(lambda: now(purchase_id).state is PurchaseState.READY)
    card = card_of(purchase_id)

    declined = buy(shop, card, category_code="7995")
    assert not declined.approved
    assert declined.metadata["reason"] == "excluded_by_funder"

    authorised = buy(shop, card)
    assert authorised.approved
    shop.authorizations.capture(authorised.id, {"capture_amount": 30_00})
    until(lambda: now(purchase_id).posted_pence == 30_00 and now(purchase_id).held_pence == 0)

    (capture,) = issuer.issuing.transactions.list({"card": card}).data
    shop.transactions.refund(capture.id, {"refund_amount": 10_00})
    until(lambda: now(purchase_id).posted_pence == 20_00)


def test_a_cancelled_purchase_has_its_card_closed_at_the_issuer(
    *, held, until, now, shop, card_of, carry_out, errands
):
    purchase_id = held()
    until(lambda: now(purchase_id).state is PurchaseState.READY)
    card = card_of(purchase_id)
    carry_out(cancel_purchase, CancelPurchase(purchase_id=purchase_id, reason="Not wanted"))

    def is_closed():
        history = buy(shop, card).request_history
        return history[-1].reason == "card_canceled"

    until(is_closed)
    assert now(purchase_id).held_pence == 0


def test_a_transfer_is_paid_once_though_its_answer_is_lost(
    *, requested, hear, until, now, bank_url, all_errands_done
):
    lost = {"fault": "accept_then_time_out", "times": 1}
    requests.post(f"{bank_url}/_sim/faults", json=lost, timeout=5).raise_for_status()
    purchase_id = requested("bacs")

    hear(holds.hold_placed, facts.placed(purchase_id))

    until(lambda: now(purchase_id).posted_pence == 35_00)
    until(all_errands_done)  # the order too, after it was enquired about
    log = requests.get(f"{bank_url}/_sim/log", timeout=5).json()["entries"]
    assert [entry["what"] for entry in log].count("order_accepted") == 1


def test_a_transfer_to_a_closed_account_frees_the_money(
    *, requested, hear, until, now, monkeypatch
):
    closed = accounts.Account(sort_code="010203", account_number="00000000")
    monkeypatch.setattr(accounts, "unseal", lambda _sealed, **_place: closed)
    purchase_id = requested("bacs")

    hear(holds.hold_placed, facts.placed(purchase_id))

    until(lambda: now(purchase_id).state is PurchaseState.REFUSED)
    assert now(purchase_id).refusal_code == "transfer_failed"


def test_a_repeat_to_the_issuer_gives_the_same_card(issuer_url):
    issuer = IssuerClient(url=issuer_url, api_key=facts.SETTINGS.issuer_api_key)
    holder, errand_id = uuid4(), uuid4()

    cards = set()
    for _ in range(2):
        cardholder = issuer.create_cardholder(
            reference=holder, name="李 🦊 O'Broker-Longest-Name 2"
        )
        cards.add(issuer.create_card(an_order(cardholder), errand_id=errand_id))

    assert len(cards) == 1


def an_order(cardholder, **changed):
    return CardOrder(
        **{
            "issuer_cardholder_id": cardholder,
            "purchase_id": "p",
            "limit_pence": 1,
            "limit_applies_to": "all",
            "payment_count": 6,
            "blocked_categories": ["betting_casino_gambling"],
            "allowed_countries": ["GB"],
        }
        | changed
    )


def test_a_card_is_frozen_unfrozen_and_replaced_at_the_issuer(issuer_url, issuer):
    client = IssuerClient(url=issuer_url, api_key=facts.SETTINGS.issuer_api_key)
    cardholder = client.create_cardholder(reference=uuid4(), name="Bo")
    lost = client.create_card(an_order(cardholder), errand_id=uuid4())
    seen = issuer.issuing.cards.retrieve(lost)
    assert seen.spending_controls.blocked_categories == ["betting_casino_gambling"]
    assert seen.spending_controls.allowed_merchant_countries == ["GB"]

    for status in ("inactive", "active"):
        client.set_card_status(errand_id=uuid4(), issuer_card_id=lost, status=status)
        assert issuer.issuing.cards.retrieve(lost).status == status
    errand_id = uuid4()
    client.report_loss(errand_id=errand_id, issuer_card_id=lost, because="stolen")
    order = an_order(cardholder, replacement_for=lost, replacement_reason="stolen")
    new = client.create_card(order, errand_id=errand_id)

    closed, active = issuer.issuing.cards.retrieve(lost), issuer.issuing.cards.retrieve(new)
    assert (closed.status, closed.cancellation_reason) == ("canceled", "stolen")
    assert (active.status, active.replacement_for) == ("active", lost)


def test_a_broker_without_letters_in_the_name_still_gets_a_card(issuer_url):
    issuer = IssuerClient(url=issuer_url, api_key=facts.SETTINGS.issuer_api_key)

    assert issuer.create_cardholder(reference=uuid4(), name="🦊").startswith("ich_")


def test_what_the_issuer_refuses_is_refused(issuer_url):
    issuer = IssuerClient(url=issuer_url, api_key=facts.SETTINGS.issuer_api_key)

    with pytest.raises(RefusedOutsideError, match="resource_missing"):
        issuer.set_card_status(errand_id=uuid4(), issuer_card_id="ic_unknown", status="inactive")


def test_a_card_that_the_issuer_does_not_know_is_as_good_as_closed(issuer_url):
    issuer = IssuerClient(url=issuer_url, api_key=facts.SETTINGS.issuer_api_key)

    assert issuer.close_card(errand_id=uuid4(), issuer_card_id="ic_unknown") == "ic_unknown"


def test_a_wrong_key_is_ours_to_mend_and_nothing_was_done(issuer_url, bank_url):
    with pytest.raises(NotSentError):
        IssuerClient(url=issuer_url, api_key="sk_test_wrong").close_card(
            errand_id=uuid4(), issuer_card_id="ic_1"
        )
    with pytest.raises(NotSentError):
        BankClient(url=bank_url, api_key="wrong").order(ORDER, errand_id=uuid4())


def test_nobody_there_is_an_unknown_outcome():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(OutcomeUnknownError):
            IssuerClient(url=url, api_key="k").close_card(errand_id=uuid4(), issuer_card_id="ic_1")
        with pytest.raises(OutcomeUnknownError):
            BankClient(url=url, api_key="k").find("ref-1")


def test_the_bank_is_asked_by_reference_what_became_of_an_order(bank_url):
    client = BankClient(url=bank_url, api_key=facts.SETTINGS.bank_api_key)
    assert client.find("ref-1") is None

    ordered = client.order(ORDER, errand_id=uuid4())

    assert client.find("ref-1")["payment_order_id"] == ordered["payment_order_id"]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, RefusedOutsideError),
        (409, RefusedOutsideError),
        (422, RefusedOutsideError),
        (401, NotSentError),
        (429, NotSentError),
        (500, OutcomeUnknownError),
        (503, OutcomeUnknownError),
        (302, OutcomeUnknownError),
    ],
)
def test_each_answer_of_a_bank_is_one_of_three_things(status, outcome):
    with listening() as listener:
        listener.answer_with("/payment-orders", Answer(status=status))

        with pytest.raises(outcome):
            BankClient(url=listener.url, api_key="k").order(ORDER, errand_id=uuid4())


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 429, 500, 302])
def test_an_enquiry_that_is_not_answered_leaves_the_outcome_unknown(status):
    with listening() as listener:
        listener.answer_with("/payment-orders", Answer(status=status))

        with pytest.raises(OutcomeUnknownError):
            BankClient(url=listener.url, api_key="k").find("a reference")


def test_an_answer_that_is_no_json_is_an_unknown_outcome():
    with listening() as listener:
        listener.answer_with("/payment-orders", Answer(body=b"<html>"))

        with pytest.raises(OutcomeUnknownError):
            BankClient(url=listener.url, api_key="k").order(ORDER, errand_id=uuid4())


def test_every_kind_of_errand_is_known_from_the_environment(monkeypatch, servers):
    for name, value in servers.process_environment("payments").items():
        monkeypatch.setenv(name, value)

    assert sorted(kinds()) == [
        "apply_bank_event",
        "apply_issuer_event",
        "close_card",
        "enquire_card",
        "enquire_transfer",
        "fetch_authorisation",
        "issue_card",
        "list_events",
        "order_transfer",
        "probe_bank",
        "probe_issuer",
        "replace_card",
        "send_dispute",
        "set_card_status",
    ]


def test_the_web_application_starts_from_the_environment(monkeypatch, servers):
    for name, value in servers.process_environment("payments").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("shared.observability.logs.configure", lambda **_named: None)

    app = web.create_app()

    assert app.test_client().get("/health/live").status_code == 200
    assert app.test_client().post("/webhooks/issuer/events", data="{}").status_code == 400
