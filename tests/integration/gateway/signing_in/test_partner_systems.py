"""Partners' systems show who they are by a signed assertion, each good once."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.integration.gateway.signing_in.conftest import PARTNER
from tests.integration.gateway.signing_in.signing import PUBLIC_URL

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FIVE_MINUTES = timedelta(minutes=5)
AUDIENCE = f"{PUBLIC_URL}/v1/token"
AN_HOUR = timedelta(hours=1)


def claims(**changed):
    """What an assertion says; a length of time in it is counted from now."""
    whole = {
        "iss": PARTNER,
        "sub": PARTNER,
        "aud": AUDIENCE,
        "jti": str(uuid4()),
        "exp": int(time.time()) + 120,
        **changed,
    }
    return {name: _written(value) for name, value in whole.items() if value is not None}


def _written(value):
    return int(time.time() + value.total_seconds()) if isinstance(value, timedelta) else value


def signed(key, *, alg="ES256", kid="partner-1", header=None, **changed):
    whole = {"alg": alg, "kid": kid, **(header or {})}
    whole = {name: value for name, value in whole.items() if value is not None}
    return jwt.encode(whole, claims(**changed), key, algorithms=[alg])


def ask(gateway, assertion, **changed):
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        **changed,
    }
    form = {name: value for name, value in form.items() if value is not None}
    return gateway.post("/v1/token", data=form)


def encoded(document):
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def refused(gateway, answer):
    assert answer.status_code == 401, answer.json
    assert (answer.json["code"], answer.json["error"]) == ("invalid_client", "invalid_client")
    assert gateway.stored() == dict.fromkeys(gateway.stored(), 0)


def test_a_system_gets_a_token_of_five_minutes_for_its_organisation(gateway, partner_key):
    answer = ask(gateway, signed(partner_key), client_id=PARTNER)

    assert (answer.status_code, answer.json["token_type"]) == (200, "Bearer")
    assert answer.json["expires_in"] == 300
    assert answer.headers["Cache-Control"] == "no-store"
    me = gateway.get("/v1/me", answer.json["access_token"]).json
    assert (me["kind"], me["role"], me["organisation"]) == ("system", "partner_system", "nhs-trust")
    assert me["actor_id"] == PARTNER


def test_its_token_ends_after_five_minutes_however_often_it_is_used(gateway, partner_key):
    token = ask(gateway, signed(partner_key)).json["access_token"]
    assert gateway.get("/v1/me", token).status_code == 200

    gateway.watch.ahead = FIVE_MINUTES

    assert gateway.get("/v1/me", token).status_code == 401


def test_an_assertion_counts_once(gateway, partner_key):
    assertion = signed(partner_key)
    assert ask(gateway, assertion).status_code == 200

    answer = ask(gateway, assertion)

    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert gateway.stored()["sessions"] == 1


def test_a_jti_is_remembered_for_as_long_as_its_assertion_could_be_brought_again(
    gateway, partner_key
):
    ask(gateway, signed(partner_key))
    assert gateway.stored()["used_tokens"] == 1

    gateway.watch.ahead = FIVE_MINUTES
    later = int(gateway.watch.now().timestamp()) + 60
    ask(gateway, signed(partner_key, exp=later))

    assert gateway.stored()["used_tokens"] == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": -AN_HOUR},
        {"exp": 2 * AN_HOUR},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1e300},
        {"iat": AN_HOUR},
        {"nbf": AN_HOUR},
        {"aud": PUBLIC_URL},
        {"aud": f"{AUDIENCE}/"},
        {"aud": [AUDIENCE]},
        {"aud": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "short"},
        {"jti": 12345678},
        {"jti": "a" * 201},
        {"jti": "with\x00nothing"},
        {"iss": "somebody-else"},
        {"sub": "somebody-else"},
        {"sub": None},
    ],
    ids=str,
)
def test_an_assertion_that_does_not_say_what_it_must_is_refused(gateway, partner_key, changed):
    refused(gateway, ask(gateway, signed(partner_key, **changed)))


def test_a_system_that_nobody_registered_is_refused(gateway, partner_key):
    refused(gateway, ask(gateway, signed(partner_key, iss="nobody", sub="nobody")))


def test_another_key_under_the_same_name_is_refused(gateway):
    refused(gateway, ask(gateway, signed(ECKey.generate_key("P-256"))))


@pytest.mark.parametrize("kid", ["partner-2", None, ""])
def test_a_key_that_is_not_named_or_not_registered_is_refused(gateway, partner_key, kid):
    refused(gateway, ask(gateway, signed(partner_key, kid=kid)))


def test_a_key_that_comes_along_is_not_looked_at(gateway):
    stranger = ECKey.generate_key("P-256")
    header = {"jwk": stranger.as_dict(private=False)}

    refused(gateway, ask(gateway, signed(stranger, header=header)))


def test_an_algorithm_that_was_not_agreed_is_refused(gateway, partner_key):
    key = ECKey.generate_key("P-384", {"kid": "partner-1"})

    refused(gateway, ask(gateway, signed(key, alg="ES384")))


def test_an_assertion_that_nobody_signed_is_refused(gateway, partner_key):
    header = encoded({"alg": "none", "kid": "partner-1"})

    refused(gateway, ask(gateway, f"{header}.{encoded(claims())}."))


def test_what_everybody_can_read_is_no_secret(gateway, partner_key):
    said = f"{encoded({'alg': 'HS256', 'kid': 'partner-1'})}.{encoded(claims())}"
    proof = hmac.new(partner_key.as_pem(private=False), said.encode(), hashlib.sha256).digest()
    proof_said = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()

    refused(gateway, ask(gateway, f"{said}.{proof_said}"))


def test_who_says_another_name_beside_the_assertion_is_refused(gateway, partner_key):
    refused(gateway, ask(gateway, signed(partner_key), client_id="somebody-else"))


@pytest.mark.parametrize("assertion", ["x", "a.b.c", "..", "ä.ä.ä", "a" * 20_000, "e30.e30.e30"])
def test_what_is_no_assertion_is_refused(gateway, assertion):
    refused(gateway, ask(gateway, assertion))


@pytest.mark.parametrize(
    "changed",
    [
        {"grant_type": "password"},
        {"grant_type": None},
        {"client_assertion_type": "x"},
        {"client_assertion": None},
    ],
    ids=str,
)
def test_a_form_without_what_it_needs_is_told_so(gateway, partner_key, changed):
    answer = ask(gateway, signed(partner_key), **changed)

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")
    assert gateway.stored()["sessions"] == 0


def test_a_field_that_is_said_twice_is_refused(gateway, partner_key):
    body = "grant_type=client_credentials&grant_type=password"

    answer = gateway.post("/v1/token", data=body, content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, answer.json["code"]) == (400, "key_twice")
