import json
from contextlib import contextmanager

import pytest
import requests
import stripe

from simulators.card_issuer.app import create_app
from simulators.card_issuer.settings import Settings
from tests.simulators.listener import PATIENCE_SECONDS, Answer, listening, serving

API_KEY = "sk_test_simulated"
AUTHORISATIONS_SECRET = "whsec_authorisations"
EVENTS_SECRET = "whsec_events"


def answer(**body):
    return Answer(
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Stripe-Version": "2026-10-28.endive"},
    )


def reason(authorisation):
    return authorisation.request_history[-1].reason


@pytest.fixture
def programme():
    """Whoever is asked about purchases and told of events: it approves."""
    with listening() as listener:
        listener.answer_with("/authorisations", answer(approved=True, metadata={"hold": "h1"}))
        yield listener


@contextmanager
def opened_app(programme, **settings):
    """An issuer with settings of its own; gives its address and the official client."""
    told = Settings(
        api_key=API_KEY,
        authorisations_url=f"{programme.url}/authorisations",
        authorisations_secret=AUTHORISATIONS_SECRET,
        events_url=f"{programme.url}/events",
        events_secret=EVENTS_SECRET,
        **{"answer_limit_seconds": PATIENCE_SECONDS, **settings},
    )
    with serving(create_app(told)) as url:
        yield url, client_of(url)


def client_of(url):
    return stripe.StripeClient(API_KEY, base_addresses={"api": url}, max_network_retries=0).v1


@pytest.fixture
def answer_limit_seconds():
    """How long the issuer waits for an answer: longer than a busy machine needs for one."""
    return PATIENCE_SECONDS


@pytest.fixture
def issuer_url(programme, answer_limit_seconds):
    with opened_app(programme, answer_limit_seconds=answer_limit_seconds) as (url, _client):
        yield url


@pytest.fixture
def client(issuer_url):
    return client_of(issuer_url)


@pytest.fixture
def api_headers():
    return {"Authorization": f"Bearer {API_KEY}"}


@pytest.fixture
def sim(issuer_url):
    """Do what whoever runs the simulator can do."""

    def do(path, asked=None, *, method="POST"):
        answer = requests.request(method, f"{issuer_url}/sim/{path}", json=asked, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    return do


@pytest.fixture
def cardholder_fields():
    return {
        "name": "Broker One",
        "type": "individual",
        "phone_number": "+442079460000",
        "billing": {
            "address": {
                "line1": "1 High Street",
                "city": "London",
                "postal_code": "N1 1AA",
                "country": "GB",
            }
        },
    }


@pytest.fixture
def cardholder(client, cardholder_fields):
    return client.issuing.cardholders.create(cardholder_fields)


@pytest.fixture
def card(client, cardholder):
    return client.issuing.cards.create(
        {
            "cardholder": cardholder.id,
            "currency": "gbp",
            "type": "virtual",
            "status": "active",
            "metadata": {"purchase": "p-1"},
            "spending_controls": {
                "spending_limits": [{"amount": 50_00, "interval": "per_authorization"}]
            },
        }
    )


@pytest.fixture
def buy(client, card):
    def buy(*, amount=35_00, **fields):
        return client.test_helpers.issuing.authorizations.create(
            {
                "card": card.id,
                "amount": amount,
                "currency": "gbp",
                "merchant_data": {
                    "category": "educational_services",
                    "name": "Riding School",
                    "city": "Leeds",
                },
                "authorization_method": "online",
                **fields,
            }
        )

    return buy


@pytest.fixture
def fault(issuer_url):
    def fault(**rule):
        requests.post(f"{issuer_url}/_sim/faults", json=rule, timeout=5).raise_for_status()

    return fault
