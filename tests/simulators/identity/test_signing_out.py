"""Sessions end where they began, and whoever relies on them hears of it."""

from collections.abc import Iterator

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from simulators.identity.known_faults import VARIANTS
from simulators.identity.logout import EVENT
from tests.simulators import identity_server as server
from tests.simulators.identity.conftest import Simulator
from tests.simulators.identity.relying_party import RelyingParty
from tests.simulators.listener import Listener, listening

PATH = "/cis2"


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as heard:
        yield heard


@pytest.fixture(scope="module")
def told(listener: Listener) -> Iterator[Simulator]:
    """A simulator that tells the listener of sessions that ended."""
    address = f"{listener.url}/signed-out"
    with server.identity_server(IDENTITY_BACKCHANNEL_URI=address) as url:
        yield Simulator(url)


def sign_in(simulator: Simulator) -> tuple[RelyingParty, dict]:
    party = RelyingParty(simulator.url, PATH, trusts_authlib=False)
    return party, party.sign_in("care-coordinator").json


def sign_out(party: RelyingParty, **said: str):
    return party.browser.get(
        f"{party.issuer}/logout", params=said, allow_redirects=False, timeout=10
    )


def read(simulator: Simulator, request) -> dict:
    """Read a logout token as OpenID Connect Back-Channel Logout asks of a client."""
    token = request.body.decode().removeprefix("logout_token=")
    keys = KeySet.import_key_set(simulator.get(f"{PATH}/.well-known/jwks.json").json())
    found = jwt.decode(token, keys, algorithms=["RS256"])
    needed = {name: {"essential": True} for name in ("iat", "exp", "jti")}
    needed["iss"] = {"essential": True, "value": simulator.url + PATH}
    needed["aud"] = {"essential": True, "value": server.CLIENT_ID}
    jwt.JWTClaimsRegistry(leeway=30, **needed).validate(found.claims)
    is_fine = (
        found.header["typ"] == "logout+jwt"
        and found.claims["events"] == {EVENT: {}}
        and "nonce" not in found.claims
        and str(found.claims.get("sub", "")).isdigit()
        and "sid" in found.claims
    )
    if not is_fine:
        raise ValueError("not a logout token")
    return found.claims


def test_signing_out_ends_the_session_tells_the_client_and_sends_the_browser_back(told, listener):
    party, said = sign_in(told)
    before = len(listener.received)

    hint = said["raw"]["id_token"]
    answer = sign_out(
        party, id_token_hint=hint, post_logout_redirect_uri=server.SIGNED_OUT, state="a-state"
    )

    assert answer.headers["Location"] == f"{server.SIGNED_OUT}?state=a-state"
    (request,) = listener.received[before:]
    claims = read(told, request)
    assert claims["sub"] == said["id_token"]["sub"]
    assert claims["sid"] == said["id_token"]["sid"]
    assert told.log("logout_told")[-1]["outcome"] == "200"
    page = party.browser.get(party.address(), allow_redirects=False, timeout=10)
    assert page.status_code == 200


def test_without_an_address_the_browser_stays(told):
    party, _ = sign_in(told)

    answer = sign_out(party)

    assert answer.status_code == 200
    assert "You have signed out" in answer.text


@pytest.mark.parametrize(
    "said",
    [
        {"post_logout_redirect_uri": "https://elsewhere.example", "client_id": server.CLIENT_ID},
        {"post_logout_redirect_uri": server.SIGNED_OUT},
        {"post_logout_redirect_uri": server.SIGNED_OUT, "client_id": "nobody"},
        {"id_token_hint": "no.token.ofours"},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered_or_signed_out_for_it(told, said):
    party, _ = sign_in(told)

    assert sign_out(party, **said).status_code == 400
    again = party.browser.get(party.address(), allow_redirects=False, timeout=10)
    assert again.status_code == 303


def test_a_hint_for_another_client_is_refused(told):
    party, said = sign_in(told)

    hint = said["raw"]["id_token"]
    assert sign_out(party, id_token_hint=hint, client_id="another").status_code == 400


def test_a_provider_may_end_somebodys_sessions_at_any_time(told, listener):
    sign_in(told)
    sign_in(told)
    before = len(listener.received)

    ended = told.post("/_sim/logout", {"user": "care-coordinator"}).json()["sessions"]

    assert ended >= 2
    assert len(listener.received) - before == ended
    assert told.post("/_sim/logout", {"user": "care-coordinator"}).json() == {"sessions": 0}


@pytest.mark.parametrize("variant", VARIANTS["bad_logout_token"])
def test_a_bad_logout_token_is_one(told, listener, variant):
    party, _ = sign_in(told)
    told.plan("bad_logout_token", variant=variant, type=PATH)

    sign_out(party)

    assert told.planned() == []
    with pytest.raises((JoseError, ValueError)):
        read(told, listener.received[-1])


def test_a_client_that_cannot_be_reached_holds_nobody_up():
    with server.identity_server(IDENTITY_BACKCHANNEL_URI="http://127.0.0.1:9/x") as url:
        simulator = Simulator(url)
        party, _ = sign_in(simulator)

        assert sign_out(party).status_code == 200
        assert simulator.log("logout_told")[-1]["outcome"] == "ConnectionError"
