import time

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.simulators import nhs_notify_server as server


def test_a_token_is_given_for_a_signed_assertion_once(caller):
    assertion = caller.assertion()

    given = caller.sign_in(assertion)

    assert given.status_code == 200
    assert set(given.json()) == {"access_token", "expires_in", "token_type"}
    again = caller.sign_in(assertion)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"aud": "https://elsewhere.example/oauth2/token"},
        {"exp": int(time.time()) - 1},
        {"exp": int(time.time()) + 3_600},
        {"headers": {"kid": "another"}},
    ],
)
def test_an_assertion_that_is_not_good_is_refused(caller, changed):
    assert caller.sign_in(caller.assertion(**changed)).status_code == 401


def test_a_strangers_key_is_refused(caller):
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = jwt.decode(caller.assertion(), options={"verify_signature": False})
    forged = jwt.encode(claims, stranger, algorithm="RS512", headers={"kid": server.KEY_ID})

    assert caller.sign_in(forged).status_code == 401


@pytest.mark.parametrize(
    "changed", [{"grant_type": "password"}, {"client_assertion_type": "x"}, {"grant_type": ""}]
)
def test_another_kind_of_request_is_no_way_in(caller, changed):
    assert caller.sign_in(caller.assertion(), **changed).status_code == 400


def test_without_a_token_that_is_good_now_nothing_is_sent_or_shown(caller, reference):
    taken = caller.send(reference)
    assert taken.status_code == 201
    caller.move(advance_seconds=600)

    assert caller.send("another").json()["errors"][0]["code"] == "CM_DENIED"
    url = f"{caller.url}/comms/v1/messages/{taken.json()['data']['id']}"
    assert requests.get(url, timeout=5).status_code == 401
    assert [one["reference"] for one in caller.inbox()] == [reference]
