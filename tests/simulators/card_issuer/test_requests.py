"""Keys, repeats and mistakes, as the official client meets them."""

import pytest
import requests
import stripe

from simulators.card_issuer.settings import settings_from_environment
from tests.simulators.card_issuer.conftest import API_KEY


def card_fields(owner, **fields):
    return {"cardholder": owner.id, "currency": "gbp", "type": "virtual", **fields}


def test_the_same_key_with_the_same_request_is_carried_out_once(client, cardholder, programme):
    options = {"idempotency_key": "purchase-1"}

    first = client.issuing.cards.create(card_fields(cardholder), options)
    second = client.issuing.cards.create(card_fields(cardholder), options)

    assert first.id == second.id
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    client.issuing.cards.create(card_fields(cardholder))
    assert len(programme.wait_for("issuing_card.created", times=2)) == 2


def test_the_same_key_with_another_request_is_refused(client, cardholder):
    options = {"idempotency_key": "purchase-1"}
    client.issuing.cards.create(card_fields(cardholder), options)

    with pytest.raises(stripe.IdempotencyError) as refused:
        client.issuing.cards.create(card_fields(cardholder, status="active"), options)

    assert refused.value.http_status == 400


def test_a_refused_request_leaves_its_key_free(client, cardholder):
    options = {"idempotency_key": "purchase-1"}
    with pytest.raises(stripe.InvalidRequestError):
        client.issuing.cards.create(card_fields(cardholder, currency="eur"), options)

    assert client.issuing.cards.create(card_fields(cardholder), options).currency == "gbp"


def test_a_wrong_key_is_not_let_in(issuer_url):
    client = stripe.StripeClient("sk_test_wrong", base_addresses={"api": issuer_url})

    with pytest.raises(stripe.AuthenticationError):
        client.v1.issuing.cards.retrieve("ic_1")


def test_what_is_not_there_is_said_to_be_missing(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.issuing.authorizations.retrieve("iauth_none")

    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"currency": "eur"}, "currency"),
        ({"type": "physical"}, "type"),
        ({"status": "canceled"}, "status"),
        ({"cardholder": "ich_none"}, "cardholder"),
        ({"colour": "blue"}, "colour"),
        (
            {"spending_controls": {"spending_limits": [{"amount": -1, "interval": "all_time"}]}},
            "spending_controls[spending_limits][0][amount]",
        ),
    ],
)
def test_a_mistake_names_its_field_and_makes_no_card(fields, param, client, cardholder):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.issuing.cards.create(card_fields(cardholder, **fields))

    assert refused.value.param == param
    assert client.events.list({"type": "issuing_card.created"}).data == []


def test_a_cardholder_needs_an_address(client, cardholder):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.issuing.cardholders.create({"name": "Broker Two", "billing": {"address": {}}})

    assert refused.value.param == "billing[address][line1]"
    assert client.issuing.cardholders.retrieve(cardholder.id).name == "Broker One"


@pytest.mark.parametrize(
    ("controls", "param"),
    [
        ({"colour": "blue"}, "spending_controls[colour]"),
        ({"blocked_categories": "all"}, "spending_controls[blocked_categories]"),
        (
            {"spending_limits": [{"amount": 1, "interval": "hourly"}]},
            "spending_controls[spending_limits][0][interval]",
        ),
    ],
)
def test_a_control_that_is_not_kept_is_refused(controls, param, client, cardholder):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.issuing.cards.create(card_fields(cardholder, spending_controls=controls))

    assert refused.value.param == param


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ("metadata=x", "metadata"),
        ("metadata[a][b]=x", "metadata[a]"),
        ("metadata=x&metadata[a]=x", "metadata[a]"),
        ("status[a]=x", "status"),
    ],
)
def test_a_form_that_cannot_be_read_names_its_field(body, param, card, issuer_url):
    answer = requests.post(
        f"{issuer_url}/v1/issuing/cards/{card.id}",
        data=body,
        headers={
            "Authorization": f"Bearer {API_KEY}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
        timeout=5,
    )

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


def test_the_settings_come_from_the_environment(monkeypatch):
    for name in (
        "API_KEY",
        "AUTHORISATIONS_URL",
        "AUTHORISATIONS_SECRET",
        "EVENTS_URL",
        "EVENTS_SECRET",
    ):
        monkeypatch.setenv(f"CARD_ISSUER_{name}", name)

    settings = settings_from_environment()

    assert (settings.events_url, settings.answer_limit_seconds) == ("EVENTS_URL", 2.0)
    assert "API_KEY" not in repr(settings)


def test_a_purchase_with_a_mistake_is_not_made(client, buy):
    for fields, param in (
        ({"amount": -1}, "amount"),
        ({"currency": "usd"}, "currency"),
        ({"merchant_data": {"category": "unheard_of"}}, "merchant_data[category_code]"),
        ({"merchant_data": {"colour": "blue"}}, "merchant_data[colour]"),
        ({"amount": "much"}, "amount"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            buy(**fields)
        assert refused.value.param == param

    assert client.issuing.authorizations.list().data == []


def test_lists_turn_their_pages(client, card, buy):
    bought = [buy(amount=amount).id for amount in (1_00, 2_00, 3_00)]

    pages = client.issuing.authorizations.list({"card": card.id, "limit": 2})

    assert pages.has_more is True
    assert pages.url == "/v1/issuing/authorizations"
    assert [one.id for one in pages.auto_paging_iter()] == bought[::-1]
    newer = client.issuing.authorizations.list({"ending_before": bought[0], "limit": 1})
    assert [one.id for one in newer] == [bought[1]]
    assert client.issuing.authorizations.list({"card": "ic_other"}).data == []


def test_an_unknown_path_gives_an_error_that_the_client_understands(issuer_url):
    answer = requests.get(
        f"{issuer_url}/v1/charges", headers={"Authorization": f"Bearer {API_KEY}"}, timeout=5
    )

    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_the_simulator_says_that_it_lives(issuer_url):
    assert requests.get(f"{issuer_url}/health/live", timeout=5).status_code == 200
