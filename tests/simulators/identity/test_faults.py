"""What goes wrong beside tokens: the way back, accounts, answers, keys and whole endpoints."""

import pytest
import requests

from simulators.identity.known_faults import VARIANTS
from tests.simulators.identity.direct import authorise
from tests.simulators.identity.relying_party import arguments

PLACES = {"/nhs-login": "alex", "/cis2": "care-coordinator", "/council/E09999999": "auditor"}


@pytest.mark.parametrize("variant", VARIANTS["bad_callback"])
def test_a_bad_way_back_lets_nobody_in(simulator, relying_party, variant):
    simulator.plan("bad_callback", variant=variant)

    answer = relying_party("/cis2").sign_in("care-coordinator")

    assert simulator.planned() == []
    assert answer.status_code == 401
    assert simulator.log("signed_in")[-1]["bad_callback"] == variant


@pytest.mark.parametrize("error", VARIANTS["authorise_error"])
def test_an_error_comes_back_as_planned(simulator, relying_party, error):
    simulator.plan("authorise_error", variant=error)
    party = relying_party("/nhs-login")

    back = party.sent_back("alex")

    assert arguments(back)["error"] == error
    assert party.come_back(back).status_code == 401


@pytest.mark.parametrize("variant", VARIANTS["bad_userinfo"])
def test_bad_userinfo_is_noticed(simulator, relying_party, variant):
    simulator.plan("bad_userinfo", variant=variant)

    assert relying_party("/nhs-login").sign_in("alex").status_code == 401


@pytest.mark.parametrize("variant", VARIANTS["bad_token_answer"])
def test_a_bad_answer_of_the_token_endpoint_is_noticed(simulator, relying_party, variant):
    simulator.plan("bad_token_answer", variant=variant)

    answer = relying_party("/nhs-login").sign_in("alex")

    assert simulator.planned() == []
    assert answer.status_code == 401


@pytest.mark.parametrize("variant", VARIANTS["bad_keys"])
def test_keys_that_are_not_the_issuers_open_nothing(simulator, relying_party, variant):
    # Authlib reads them again where a token names a key that it does not know.
    simulator.plan("bad_keys", variant=variant, times=2)

    assert relying_party("/nhs-login").sign_in("alex").status_code == 401


@pytest.mark.parametrize("path", PLACES)
def test_keys_are_rotated_and_the_new_ones_are_read(simulator, relying_party, path):
    party = relying_party(path)
    assert party.sign_in(PLACES[path]).status_code == 200
    reads = len(simulator.log("keys_read"))

    # The next key was announced before it was used: nobody needs to read anything.
    assert simulator.post("/_sim/keys/rotate", {"issuer": path}).ok
    assert party.sign_in(PLACES[path]).status_code == 200
    assert len(simulator.log("keys_read")) == reads

    for _ in range(2):
        answer = simulator.post("/_sim/keys/rotate", {"issuer": path, "drop_old": True})
        assert len(answer.json()["keys"]) == 2
    assert party.sign_in(PLACES[path]).status_code == 200
    assert len(simulator.log("keys_read")) == reads + 1


def test_no_private_key_is_published(simulator):
    for path in ("/nhs-login", "/cis2", "/partners", "/council/E09999998"):
        for key in simulator.get(f"{path}/.well-known/jwks.json").json()["keys"]:
            assert not {"d", "p", "q", "k"} & set(key)
            assert key["use"] == "sig"


def accounts_say(party, user):
    answer = party.sign_in(user).json
    return {**answer["userinfo"], **answer["id_token"]}


def test_an_account_can_say_less_than_it_should(simulator, relying_party):
    def said(path, variant):
        simulator.plan("bad_facts", variant=variant, type=path)
        return accounts_say(relying_party(path), PLACES[path])

    assert "nhs_number" not in said("/nhs-login", "no_nhs_number")
    assert said("/nhs-login", "bad_nhs_number")["nhs_number"] == "9990000011"
    low = said("/nhs-login", "low_level")
    assert (low["vot"], "nhs_number" in low) == ("P0.Cp", False)
    assert said("/nhs-login", "unverified_email")["email_verified"] is False
    assert said("/cis2", "low_level")["acr"] == "AAL1_USERPASS"
    no_roles = said("/cis2", "no_roles")
    assert (no_roles["nhsid_nrbac_roles"], "selected_roleid" in no_roles) == ([], False)
    assert said("/cis2", "unknown_role")["nhsid_nrbac_roles"][0]["workgroups"] == ["unknown"]
    council = "/council/E09999999"
    assert said(council, "unknown_role")["roles"] == ["unknown"]
    assert said(council, "low_level")["amr"] == ["pwd"]
    usual = accounts_say(relying_party(council), "auditor")
    assert said(council, "other_tenant")["tid"] != usual["tid"]
    assert "_claim_names" in said(council, "too_many_groups")
    assert simulator.planned() == []


@pytest.mark.parametrize("variant", VARIANTS["bad_discovery"])
def test_what_an_issuer_says_of_itself_can_be_bad(simulator, variant):
    simulator.plan("bad_discovery", variant=variant)
    address = f"{simulator.url}/cis2/.well-known/openid-configuration"

    answer = requests.get(address, timeout=10)

    assert simulator.planned() == []
    if variant == "not_json":
        with pytest.raises(ValueError, match="Expecting value"):
            answer.json()
    elif variant == "other_issuer":
        assert answer.json()["issuer"] != f"{simulator.url}/cis2"
    elif variant == "other_scheme":
        assert answer.json()["jwks_uri"].startswith("ftp://")
    else:
        assert "jwks_uri" not in answer.json()


@pytest.mark.parametrize("fault", ["error_500", "drop"])
@pytest.mark.parametrize("endpoint", ["token", "keys", "userinfo"])
def test_an_endpoint_that_is_down_lets_nobody_in_and_everybody_afterwards(
    simulator, relying_party, fault, endpoint
):
    simulator.plan(fault, variant=endpoint, type="/nhs-login")

    assert relying_party("/cis2").sign_in("care-coordinator").status_code == 200
    assert relying_party("/nhs-login").sign_in("alex").status_code == 401
    assert simulator.planned() == []
    assert relying_party("/nhs-login").sign_in("alex").status_code == 200


@pytest.mark.parametrize("endpoint", VARIANTS["slow"])
def test_an_endpoint_can_be_slow(simulator, endpoint):
    places = {
        "token": ("post", "/nhs-login/token"),
        "keys": ("get", "/nhs-login/.well-known/jwks.json"),
        "discovery": ("get", "/nhs-login/.well-known/openid-configuration"),
        "userinfo": ("get", "/nhs-login/userinfo"),
        "authorise": ("get", "/nhs-login/authorize"),
    }
    method, path = places[endpoint]
    simulator.plan("slow", variant=endpoint, seconds=1)

    with pytest.raises(requests.Timeout):
        requests.request(method, simulator.url + path, timeout=0.2)
    assert simulator.planned() == []


def test_authorising_can_be_down(simulator):
    simulator.plan("error_500", variant="authorise")
    assert authorise(simulator.url, "/nhs-login").status_code == 500
    simulator.plan("drop", variant="authorise")
    with pytest.raises(requests.ConnectionError):
        authorise(simulator.url, "/nhs-login")


@pytest.mark.parametrize(
    "rule",
    [
        {"fault": "bad_token"},
        {"fault": "bad_id_token", "variant": "unheard_of"},
        {"fault": "slow", "seconds": -1},
        {"fault": "slow", "times": 0},
        {"fault": "slow", "whatever": 1},
        "slow",
        None,
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_with_those_that_can(simulator, rule):
    answer = simulator.post("/_sim/faults", rule)

    assert answer.status_code == 400
    assert "bad_id_token" in answer.json()["known_faults"]
    assert simulator.planned() == []
