"""An app on somebody's own machine gets a token for the same sign-in (RFC 8252)."""

import base64
import hashlib
from datetime import timedelta

import pytest

from tests.integration.gateway.signing_in.signing import arguments

VERIFIER = "a-verifier-of-at-least-forty-three-characters"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
REDIRECT = "http://127.0.0.1:49152/back"
APP = {
    "redirect_uri": REDIRECT,
    "code_challenge": CHALLENGE.decode(),
    "code_challenge_method": "S256",
    "state": "the-apps-own",
}


def exchange(gateway, code, **changed):
    body = {"code": code, "code_verifier": VERIFIER, "redirect_uri": REDIRECT, **changed}
    return gateway.post("/v1/sessions", json=body)


@pytest.fixture
def code(gateway):
    answer = gateway.browser().sign_in("aldermoor", **APP)
    return arguments(answer.headers["Location"])["code"]


def test_an_app_gets_a_token_by_which_it_acts_as_whoever_signed_in(gateway):
    answer = gateway.browser().sign_in("aldermoor", **APP)
    back = answer.headers["Location"]
    told = exchange(gateway, arguments(back)["code"])

    assert back.startswith(f"{REDIRECT}?")
    assert arguments(back)["state"] == "the-apps-own"
    assert "__Host-session" not in str(answer.headers.getlist("Set-Cookie"))
    assert (told.status_code, told.json["token_type"]) == (201, "Bearer")
    me = gateway.get("/v1/me", told.json["access_token"]).json
    assert (me["kind"], me["role"], me["csrf_token"]) == ("app", "broker", None)


def test_an_app_needs_no_csrf_token_and_signs_out(gateway, code):
    headers = {"Authorization": f"Bearer {exchange(gateway, code).json['access_token']}"}

    answer = gateway.browser().send("DELETE", "/v1/session", headers=headers)

    assert answer.status_code == 204
    assert gateway.stored()["sessions"] == 0


def test_an_apps_session_ends_as_a_browsers_does(gateway, code):
    token = exchange(gateway, code).json["access_token"]
    gateway.watch.ahead = timedelta(minutes=15)

    assert gateway.get("/v1/me", token).status_code == 401


def test_a_code_is_good_once(gateway, code):
    token = exchange(gateway, code).json["access_token"]

    assert exchange(gateway, code).status_code == 401
    assert gateway.get("/v1/me", token).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "another-verifier-of-at-least-forty-three-chars"},
        {"code_verifier": "short"},
        {"redirect_uri": "http://127.0.0.1:49153/back"},
    ],
)
def test_a_code_that_somebody_else_tries_is_good_for_nobody(gateway, code, changed):
    assert exchange(gateway, code, **changed).status_code == 401
    assert exchange(gateway, code).status_code == 401
    assert gateway.stored() == dict.fromkeys(gateway.stored(), 0)


def test_a_code_lasts_a_minute(gateway, code):
    gateway.watch.ahead = timedelta(seconds=60)

    assert exchange(gateway, code).status_code == 401
    assert gateway.stored()["sessions"] == 0


@pytest.mark.parametrize(
    "body",
    [{}, {"code": "x"}, {"code": 1, "code_verifier": VERIFIER, "redirect_uri": REDIRECT}],
)
def test_an_exchange_without_its_fields_is_told_which(gateway, body):
    answer = gateway.post("/v1/sessions", json=body)

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("redirect_uri", "https://app.example/back"),
        ("redirect_uri", "http://localhost:49152/back"),  # a name may lead elsewhere: RFC 8252
        ("redirect_uri", "http://127.0.0.1/back"),
        ("redirect_uri", "http://127.0.0.1:0x/back"),
        ("redirect_uri", "http://127.0.0.1.evil.example:80/back"),
        ("redirect_uri", "http://evil@127.0.0.1:80/back"),
        ("redirect_uri", "http://127.0.0.1:80/back#x"),
        ("redirect_uri", "http://127.0.0.1:80/back?x=1"),
        ("redirect_uri", ""),
        ("code_challenge", ""),
        ("code_challenge", "short"),
        ("code_challenge_method", "plain"),
        ("code_challenge_method", ""),
        ("state", "a" * 256),
        ("state", "a b"),
    ],
)
def test_an_app_that_waits_elsewhere_or_without_pkce_is_refused(gateway, field, value):
    answer = gateway.browser().begin("aldermoor", **{**APP, field: value})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")
    assert gateway.stored()["sign_ins"] == 0
