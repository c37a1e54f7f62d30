"""How often somebody may ask, and how often one address may try to come in."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from services.gateway.limits.rules import Allowance, Limits
from services.gateway.partner_systems.clients import Client
from tests.integration.gateway.signing_in.conftest import PARTNER
from tests.integration.gateway.signing_in.signing import PUBLIC_URL, Gateway, Watch
from tests.integration.gateway.signing_in.test_partner_systems import ask, signed

FEW = Limits(
    requests=Allowance(at_once=3, per_second=1), sign_ins=Allowance(at_once=4, per_second=1)
)
SECOND = timedelta(seconds=1)


class StillWatch(Watch):
    """Stands still, so that no token comes back before a test says so."""

    def __init__(self):
        super().__init__()
        self.began_at = Watch().now()

    def now(self):
        return self.began_at + self.ahead


@pytest.fixture
def narrow(gateway, simulator, partner_key, assessment, monkeypatch):
    """The same gateway with narrow limits, for whoever comes by some proxies."""

    def narrow(*, proxies=0):
        clients = {PARTNER: _partner(partner_key)}
        monkeypatch.setattr("tests.integration.gateway.signing_in.signing.Watch", StillWatch)
        return Gateway(
            simulator.url, gateway.transactions, assessment, clients, limits=FEW, proxies=proxies
        )

    return narrow


def _partner(key):
    return Client(
        client_id=PARTNER,
        organisation="nhs-trust",
        algorithms=["ES256"],
        keys=[key.as_dict(private=False)],
    )


def from_address(gateway, address, **headers):
    return gateway.app.test_client().get(
        "/sign-in/aldermoor",
        base_url=PUBLIC_URL,
        environ_base={"REMOTE_ADDR": address},
        headers=headers,
    )


def test_who_asks_too_often_is_told_when_to_come_back(narrow, partner_key):
    gateway = narrow()
    token = ask(gateway, signed(partner_key)).json["access_token"]
    assert [gateway.get("/v1/me", token).status_code for _ in range(3)] == [200] * 3

    answer = gateway.get("/v1/me", token)

    assert (answer.status_code, answer.json["code"]) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "1"
    assert answer.mimetype == "application/problem+json"
    gateway.watch.ahead += SECOND
    assert gateway.get("/v1/me", token).status_code == 200


def test_another_token_of_the_same_client_is_no_other_bucket(narrow, partner_key):
    gateway = narrow()
    tokens = [ask(gateway, signed(partner_key)).json["access_token"] for _ in range(2)]
    for _ in range(3):
        gateway.get("/v1/me", tokens[0])

    assert gateway.get("/v1/me", tokens[1]).status_code == 429


def test_one_address_tries_only_so_often_to_come_in(narrow):
    gateway = narrow()
    ways = [from_address(gateway, "192.0.2.7").status_code for _ in range(4)]
    assert ways == [303] * 4

    answer = from_address(gateway, "192.0.2.7")

    assert (answer.status_code, answer.json["code"]) == (429, "too_many_requests")
    assert from_address(gateway, "192.0.2.8").status_code == 303
    gateway.watch.ahead += SECOND
    assert from_address(gateway, "192.0.2.7").status_code == 303


@pytest.mark.parametrize(
    "try_in",
    [
        lambda gateway: gateway.browser().get("/sign-in/aldermoor/callback?state=x&code=y"),
        lambda gateway: gateway.post(
            "/v1/sessions",
            json={
                "code": "x" * 43,
                "code_verifier": "x" * 43,
                "redirect_uri": "http://127.0.0.1:9/",
            },
        ),
        lambda gateway: ask(gateway, "x.y.z"),
    ],
    ids=["callback", "code", "assertion"],
)
def test_every_way_in_counts_whoever_is_refused_as_well(narrow, try_in):
    gateway = narrow()
    assert [try_in(gateway).status_code for _ in range(4)] == [401] * 4

    assert try_in(gateway).status_code == 429


def test_a_provider_that_tells_of_an_end_is_always_heard(narrow):
    gateway = narrow()

    answers = [
        gateway.post("/sign-in/back-channel-logout", data={"logout_token": "x"}) for _ in range(8)
    ]

    assert {answer.status_code for answer in answers} == {400}


def test_nobody_gets_another_bucket_by_saying_they_came_through_a_proxy(narrow):
    gateway = narrow()
    for one in range(4):
        from_address(gateway, "192.0.2.7", X_Forwarded_For=f"198.51.100.{one}")

    assert from_address(gateway, "192.0.2.7", X_Forwarded_For="198.51.100.9").status_code == 429


def test_behind_a_proxy_it_is_what_the_proxy_saw_and_not_what_the_caller_said(narrow):
    gateway = narrow(proxies=1)
    for one in range(4):
        said = {"X-Forwarded-For": f"203.0.113.{one}, 198.51.100.1"}
        assert from_address(gateway, "10.0.0.1", **said).status_code == 303

    said = {"X-Forwarded-For": "203.0.113.9, 198.51.100.1"}
    assert from_address(gateway, "10.0.0.1", **said).status_code == 429
    said = {"X-Forwarded-For": "198.51.100.2"}
    assert from_address(gateway, "10.0.0.1", **said).status_code == 303


def test_what_the_door_refuses_is_in_the_log_with_its_number_and_names_nobody(narrow, partner_key):
    gateway = narrow()
    token = ask(gateway, signed(partner_key)).json["access_token"]
    secret, budget = f"secret-{uuid4().hex}", uuid4()

    with capture_logs([merge_contextvars]) as lines:
        unknown = gateway.get(f"/v1/budgets/{budget}?nhs=9434765919", secret)
        not_theirs = gateway.get("/v1/exceptions", token)

    assert (unknown.status_code, not_theirs.status_code) == (401, 403)
    answered = [line for line in lines if line["event"] == "request_answered"]
    told = [(line["request_id"], line["status"], line["code"]) for line in answered]
    assert told == [
        (unknown.json["request_id"], 401, "not_signed_in"),
        (not_theirs.json["request_id"], 403, "not_allowed"),
    ]
    for line in answered:
        assert set(line) == {
            *("event", "log_level", "request_id", "endpoint", "status", "code", "duration_ms")
        }
    everything = repr(lines)
    for private in (secret, token, str(budget), "9434765919", PARTNER):
        assert private not in everything


def test_a_body_over_a_mebibyte_is_refused_unread(narrow, partner_key):
    gateway = narrow()
    token = ask(gateway, signed(partner_key)).json["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
    body = b'{"x": "' + b"a" * 1024 * 1024 + b'"}'

    answer = gateway.post(
        "/v1/purchases", data=body, headers=headers, content_type="application/json"
    )

    assert (answer.status_code, answer.json["code"]) == (413, "request_entity_too_large")
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.json["request_id"])
