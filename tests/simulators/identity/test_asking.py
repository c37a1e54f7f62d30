"""What a client may ask for when it sends a browser, and what it hears otherwise."""

from urllib.parse import urlsplit

import pytest
import requests

from tests.simulators import identity_server as server
from tests.simulators.identity.direct import authorise
from tests.simulators.identity.relying_party import arguments


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": None},
        {"client_id": "nobody"},
        {"client_id": [server.CLIENT_ID, server.CLIENT_ID]},
        {"redirect_uri": None},
        {"redirect_uri": "https://elsewhere.example/callback"},
        {"redirect_uri": f"{server.CALLBACK}/deeper"},
        {"redirect_uri": f"{server.CALLBACK}?more=1"},
    ],
)
def test_a_browser_is_never_sent_to_an_address_that_is_not_registered(simulator, changed):
    answer = authorise(simulator.url, "/nhs-login", **changed)

    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"nonce": None}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"state": ["one", "two"]}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"prompt": "please"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "9" * 5_000}, "invalid_request"),
        ({"login_hint": "nobody"}, "login_required"),
        ({"login_hint": None}, "login_required"),
        ({"login_hint": "team-manager"}, "login_required"),
    ],
)
def test_what_is_not_to_be_had_is_refused_at_the_client_with_its_state(simulator, changed, error):
    answer = authorise(simulator.url, "/nhs-login", **changed)

    back = answer.headers["Location"]
    assert back.startswith(f"{server.CALLBACK}?")
    assert arguments(back)["error"] == error
    assert "code" not in arguments(back)
    if "state" not in changed:
        assert arguments(back)["state"] == "a-state"


def test_only_cis2_names_itself_with_the_code(simulator):
    def named(path, user):
        back = authorise(simulator.url, path, login_hint=user).headers["Location"]
        return arguments(back).get("iss")

    assert named("/cis2", "practitioner") == f"{simulator.url}/cis2"
    assert named("/nhs-login", "alex") is None


def test_nobody_signs_in_where_partners_get_tokens_and_nowhere_else(simulator):
    assert authorise(simulator.url, "/partners").status_code == 400
    for path in ("/council/E00000000", "/nhs", "/council", "/nhs-login/more"):
        assert authorise(simulator.url, path).status_code == 404


def test_a_session_lasts_until_it_is_too_old_for_who_asks(simulator, relying_party):
    party = relying_party("/nhs-login")
    party.sign_in("alex")

    def again(**more):
        address = party.address(**more)
        return party.browser.get(address, allow_redirects=False, timeout=10)

    assert again().status_code == 303
    assert arguments(again(prompt="none").headers["Location"])["code"]
    assert again(prompt="login").status_code == 200  # the page
    assert again(prompt="select_account").status_code == 200
    assert simulator.post("/_sim/clock", {"advance_seconds": 3_601}).ok  # max_age: an hour
    assert again().status_code == 200
    assert arguments(again(prompt="none").headers["Location"])["error"] == "login_required"


def test_a_session_at_one_issuer_is_none_at_another(simulator, relying_party):
    nhs, council = relying_party("/nhs-login"), relying_party("/council/E09999999")
    nhs.sign_in("alex")
    council.browser = nhs.browser

    page = council.browser.get(council.address(), allow_redirects=False, timeout=10)

    assert page.status_code == 200
    assert urlsplit(page.url).path == "/council/E09999999/authorize"


def test_a_user_who_is_not_of_the_page_is_asked_again(relying_party):
    party = relying_party("/nhs-login")

    answer = party.browser.post(party.address(), data={"user": "team-manager"}, timeout=10)

    assert answer.status_code == 200
    assert "Who are you?" in answer.text


def test_what_an_issuer_says_of_itself_is_so(simulator):
    for path in ("/nhs-login", "/cis2", "/council/E09999999", "/partners"):
        known = simulator.get(f"{path}/.well-known/openid-configuration").json()
        assert known["issuer"] == simulator.url + path
        assert requests.get(known["jwks_uri"], timeout=10).json()["keys"]
        assert requests.post(known["token_endpoint"], timeout=10).status_code == 401
    assert known["grant_types_supported"] == ["client_credentials"]
    assert "authorization_endpoint" not in known


def test_browsers_and_programs_may_know_it_by_two_addresses():
    changed = {
        "IDENTITY_URL": "http://identity:8080/",
        "IDENTITY_BROWSER_URL": "http://localhost:1",
    }
    with server.identity_server(**changed) as url:
        address = f"{url}/council/E09999999/.well-known/openid-configuration"
        known = requests.get(address, timeout=10).json()

    assert known["issuer"] == "http://identity:8080/council/E09999999"
    assert known["token_endpoint"] == "http://identity:8080/council/E09999999/token"
    assert known["authorization_endpoint"] == "http://localhost:1/council/E09999999/authorize"
