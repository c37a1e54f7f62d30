"""Partners' systems get tokens for themselves, signed for our API."""

import pytest
import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from simulators.identity.forgeries import CLAIMS, EVERY_TOKEN
from tests.simulators import identity_server as server
from tests.simulators.identity.direct import an_assertion, exchange

KEY = ECKey.generate_key("P-256", {"kid": "partner-1"})
PARTNER = {
    "client_id": "aldermoor-records",
    "issuer": "/partners",
    "jwks": {"keys": [KEY.as_dict(private=False)]},
    "scopes": ["contributions", "messages"],
    "organisation": "E09999999",
}
EXPECTED = {
    "iss": {"essential": True},
    "aud": {"essential": True, "value": server.AUDIENCE},
    "sub": {"essential": True, "value": "aldermoor-records"},
    "exp": {"essential": True},
    "iat": {"essential": True},
}


@pytest.fixture
def ask(simulator):
    assert simulator.post("/_sim/clients", PARTNER).status_code == 201

    def ask(**changed) -> requests.Response:
        assertion = an_assertion(
            simulator.url,
            "/partners",
            key=KEY,
            algorithm="ES256",
            header={"kid": "partner-1"},
            iss="aldermoor-records",
            sub="aldermoor-records",
        )
        form = {"grant_type": "client_credentials", "code_verifier": None, "redirect_uri": None}
        return exchange(simulator.url, "/partners", assertion=assertion, **{**form, **changed})

    return ask


def read(simulator, token: str):
    """Read a token as our API would."""
    keys = KeySet.import_key_set(simulator.get("/partners/.well-known/jwks.json").json())
    found = jwt.decode(token, keys, algorithms=["ES256"])
    expected = {**EXPECTED, "iss": {"essential": True, "value": f"{simulator.url}/partners"}}
    jwt.JWTClaimsRegistry(leeway=30, **expected).validate(found.claims)
    assert found.header["typ"] == "at+jwt"
    return found.claims


def test_a_system_gets_a_token_for_what_it_may_do(simulator, ask):
    every, one = ask(), ask(scope="messages")

    said = read(simulator, every.json()["access_token"])
    assert said["scope"] == every.json()["scope"] == "contributions messages"
    assert said["organisation"] == "E09999999"
    assert said["exp"] - said["iat"] == every.json()["expires_in"] == 300
    assert read(simulator, one.json()["access_token"])["scope"] == "messages"


def test_a_system_may_not_ask_for_more(ask):
    answer = ask(scope="messages everything")

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_nobody_signs_in_there(ask):
    answer = ask(grant_type="authorization_code")

    assert answer.json()["error"] == "unsupported_grant_type"


def test_a_system_that_is_not_known_gets_none(simulator):
    assertion = an_assertion(simulator.url, "/partners")

    answer = exchange(
        simulator.url, "/partners", assertion=assertion, grant_type="client_credentials"
    )

    assert answer.status_code == 401


@pytest.mark.parametrize("variant", EVERY_TOKEN)
def test_a_bad_access_token_is_one(simulator, ask, variant):
    simulator.plan("bad_access_token", variant=variant, type="/partners")

    token = ask().json()["access_token"]

    # joserfc has no objection to two: the last one counts, and is not the client.
    with pytest.raises((JoseError, ValueError)):
        read(simulator, token)
    assert read(simulator, ask().json()["access_token"])
    assert simulator.log("strangers_keys_read") == []


def test_what_is_bad_about_an_id_token_only_is_no_fault_of_another_token(simulator):
    answer = simulator.post("/_sim/faults", {"fault": "bad_access_token", "variant": "no_nonce"})

    assert answer.status_code == 400
    assert set(CLAIMS) < set(answer.json()["variants"]["bad_access_token"])
