"""The demo signs its people in without a browser, at a gateway that is served."""

import threading
from dataclasses import replace

import pytest
import requests
from werkzeug.serving import make_server

from clients.python.commonpurse_client.repeating import Clock
from demo import signing_in
from demo.signing_in import SignInFailedError, WaysIn
from demo.staff import EVERYBODY, LIVED_EXPERIENCE, Holder
from services.gateway.policy import load
from tests.integration.gateway.signing_in import signing
from tests.integration.gateway.signing_in.signing import WAYS_IN, Gateway
from tests.simulators.identity_server import identity_server

ALEX = Holder(
    user="the-demos-alex",
    nhs_number="9990000018",
    family_name="O'Brien 🌻",
    birth_date="1961-04-09",
)


@pytest.fixture
def served(gateway, assessment, monkeypatch):
    """Serve the gateway under an address that its simulator sends browsers back to."""
    server = make_server("127.0.0.1", 0, gateway.app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(signing, "PUBLIC_URL", url)
    callbacks = " ".join(f"{url}/sign-in/{way}/callback" for way in WAYS_IN)
    with identity_server(IDENTITY_REDIRECT_URIS=callbacks) as identity_url:
        served = Gateway(identity_url, gateway.transactions, assessment, {})
        server.app = served.app
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield WaysIn(gateway_url=url, identity_url=identity_url)
        server.shutdown()
        thread.join()


def enter(ways_in, who):
    with ways_in.sign_in(who, http=requests.Session(), clock=Clock()) as client:
        return client.me()


def test_a_colleague_acts_in_their_role_for_their_organisation(served):
    for who in EVERYBODY:
        me = enter(served, who)

        assert (me["role"], me["organisation"]) == (who.role, who.organisation)
        assert me["actor_id"] == who.staff_id


def test_the_policy_knows_every_role_of_the_demo_but_whoever_only_sits_in_a_meeting():
    known = {role for rule in load().rules.values() for role in rule}

    assert {one for one in EVERYBODY if one.role not in known} == {LIVED_EXPERIENCE}


def test_a_person_acts_as_whoever_has_their_nhs_number(served, alex):
    for _ in range(2):  # an account that is there already is fine
        me = enter(served, ALEX)

        assert (me["role"], me["actor_id"]) == ("budget_holder", alex)


@pytest.mark.parametrize("nhs_number", ["9991230017", "9990000019"])
def test_who_is_not_let_in_is_named_by_their_user_and_nothing_else(served, alex, nhs_number):
    stranger = replace(ALEX, user="a-stranger", nhs_number=nhs_number)

    with pytest.raises((SignInFailedError, requests.HTTPError)) as failed:
        enter(served, stranger)

    assert nhs_number not in str(failed.value)
    assert "O'Brien" not in str(failed.value)


def test_who_does_not_come_back_is_waited_for_no_longer_than_that(served, monkeypatch):
    monkeypatch.setattr(signing_in, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(signing_in, "_go_there_and_back", lambda *_, **__: None)

    with pytest.raises(SignInFailedError, match="broker: Nobody signed in"):
        enter(served, EVERYBODY[0])
