"""A tool has somebody sign in with their browser, and takes the code on this machine."""

import base64
import hashlib
import threading
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask, request

from clients.python.commonpurse_client import Client, NotSignedInError, ProblemError
from tests.unit.client.through import session_through

BASE = "https://gateway.example"


class Gateway:
    """Takes a code once that was asked for with the right proof."""

    def __init__(self):
        self.app = Flask(__name__)
        self.app.add_url_rule("/v1/sessions", view_func=self.exchange, methods=["POST"])
        self.app.add_url_rule("/v1/me", view_func=self.me)
        self.shown = {}
        self.backs = []  # what the browser brings, in order
        self.heard = []  # what it was told

    def me(self):
        return {"token": request.headers["Authorization"].removeprefix("Bearer ")}

    def exchange(self):
        told = request.json
        digest = hashlib.sha256(told["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_right = challenge == self.shown["code_challenge"] and told["code"] == "the-code"
        if not is_right or told["redirect_uri"] != self.shown["redirect_uri"]:
            return {"code": "not_signed_in", "detail": "", "next_step": ""}, 401
        return {"access_token": "the-token", "token_type": "Bearer"}, 201

    def show(self, address):
        """Be the browser: come back with what the test has ready, in a thread of its own."""
        self.address = address
        said = parse_qs(urlsplit(address).query)
        self.shown = {name: value for name, (value,) in said.items()}
        threading.Thread(target=self._come_back, daemon=True).start()

    def _come_back(self):
        for path, back in self.backs:
            said = {
                name: self.shown["state"] if one == "ours" else one for name, one in back.items()
            }
            address = self.shown["redirect_uri"].removesuffix("/back") + path
            self.heard.append(requests.get(address, params=said, timeout=10))


@pytest.fixture
def gateway():
    return Gateway()


def sign_in(gateway, *backs, seconds=30):
    gateway.backs = backs
    return Client.from_sign_in(
        BASE, "aldermoor", show=gateway.show, seconds=seconds, http=session_through(gateway.app)
    )


GOOD = ("/back", {"state": "ours", "code": "the-code"})


def test_a_tool_acts_as_whoever_signed_in(gateway):
    client = sign_in(gateway, GOOD)

    assert client.me() == {"token": "the-token"}
    assert gateway.address.startswith(f"{BASE}/sign-in/aldermoor?")
    assert gateway.shown["redirect_uri"].startswith("http://127.0.0.1:")
    assert gateway.shown["code_challenge_method"] == "S256"
    assert len(gateway.shown["state"]) >= 32


@pytest.mark.parametrize(
    "other",
    [
        ("/back", {"state": "another", "code": "evil"}),
        ("/back", {"code": "evil"}),
        ("/back", {"state": "ours"}),
        ("/favicon.ico", {}),
        ("/other", {"state": "ours", "code": "evil"}),
        ("/back", {"state": "é", "code": "evil"}),
    ],
)
def test_what_is_not_ours_is_not_taken(gateway, other):
    client = sign_in(gateway, other, GOOD)

    assert client.me() == {"token": "the-token"}
    assert gateway.heard[0].status_code == 404


def test_who_signs_in_twice_has_secrets_of_their_own(gateway):
    sign_in(gateway, GOOD)
    first = dict(gateway.shown)
    sign_in(gateway, GOOD)

    for name in ("state", "code_challenge"):
        assert first[name] != gateway.shown[name]


def test_a_code_that_the_gateway_does_not_take_is_its_problem(gateway):
    with pytest.raises(ProblemError) as error:
        sign_in(gateway, ("/back", {"state": "ours", "code": "old"}))

    assert (error.value.code, error.value.status) == ("not_signed_in", 401)


def test_nobody_is_waited_for_for_ever(gateway):
    with pytest.raises(NotSignedInError):
        sign_in(gateway, seconds=0.1)
