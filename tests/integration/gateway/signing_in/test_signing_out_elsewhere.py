"""Who signs out at their provider is signed out here."""

import pytest

from simulators.identity.known_faults import VARIANTS
from tests.integration.gateway.signing_in.signing import arguments
from tests.integration.gateway.signing_in.test_apps import APP, exchange

FORM = "application/x-www-form-urlencoded"


def told(gateway, token):
    return gateway.post("/sign-in/back-channel-logout", data={"logout_token": token})


@pytest.fixture
def logout_token(simulator, logouts):
    """End somebody's sessions at their provider, and return what it sends."""

    def end(user):
        before = len(logouts.received)
        simulator.post("/_sim/logout", {"user": user})
        return [
            one.body.decode().removeprefix("logout_token=") for one in logouts.received[before:]
        ]

    return end


def test_every_session_of_theirs_ends_and_nobody_elses(gateway, logout_token):
    theirs = [gateway.browser() for _ in range(2)]
    for browser in theirs:
        browser.sign_in("cis2", "care-coordinator")
    code = arguments(
        gateway.browser().sign_in("cis2", "care-coordinator", **APP).headers["Location"]
    )["code"]
    token = exchange(gateway, code).json["access_token"]
    other = gateway.browser()
    other.sign_in("cis2", "practitioner")

    answers = [told(gateway, one).status_code for one in logout_token("care-coordinator")]

    assert len(answers) >= 3
    assert set(answers) == {200}
    assert [one.me().status_code for one in theirs] == [401, 401]
    assert gateway.get("/v1/me", token).status_code == 401
    assert other.me().status_code == 200


def test_a_logout_token_counts_once(gateway, logout_token):
    gateway.browser().sign_in("cis2", "care-coordinator")
    (token, *_) = logout_token("care-coordinator")
    assert told(gateway, token).status_code == 200

    assert told(gateway, token).status_code == 400


def test_a_token_that_names_a_session_and_nobody_ends_that_session(
    gateway, simulator, logout_token
):
    """The standard lets a provider say either of the two."""
    browser = gateway.browser()
    browser.sign_in("cis2", "care-coordinator")
    simulator.plan("bad_logout_token", variant="no_subject", type="/cis2", times=20)

    answers = {told(gateway, one).status_code for one in logout_token("care-coordinator")}

    assert answers == {200}
    assert browser.me().status_code == 401


def test_an_honest_token_of_another_provider_ends_nothing_here(gateway, simulator, logout_token):
    browser = gateway.browser()
    browser.sign_in("cis2", "care-coordinator")
    simulator.plan("bad_logout_token", variant="of_another_issuer", type="/cis2", times=20)

    for token in logout_token("care-coordinator"):
        told(gateway, token)

    assert browser.me().status_code == 200


@pytest.mark.parametrize(
    "variant", sorted(set(VARIANTS["bad_logout_token"]) - {"no_subject", "of_another_issuer"})
)
def test_a_bad_logout_token_ends_nobodys_session(gateway, simulator, logout_token, variant):
    browser = gateway.browser()
    browser.sign_in("cis2", "care-coordinator")
    simulator.plan("bad_logout_token", variant=variant, type="/cis2", times=20)

    for token in logout_token("care-coordinator"):
        answer = told(gateway, token)
        assert (answer.status_code, answer.json["code"]) == (400, "bad_logout_token")

    assert browser.me().status_code == 200
    assert gateway.stored()["used_tokens"] == 0


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "ä", "a" * 20_000])
def test_what_is_no_token_ends_nothing(gateway, token):
    assert told(gateway, token).status_code == 400


def test_a_body_of_another_type_is_not_read(gateway):
    answer = gateway.post("/sign-in/back-channel-logout", json={"logout_token": "x"})

    assert answer.status_code == 415
