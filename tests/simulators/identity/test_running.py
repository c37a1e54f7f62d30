"""What whoever runs the simulator can do: add users and clients, look at the log, move the time."""

import tomllib

import pytest
import requests

from simulators.identity.settings import READY_USERS
from tests.simulators import identity_server as server
from tests.simulators.identity.direct import an_assertion, authorise
from tests.simulators.identity.relying_party import arguments

HOLDER = {
    "user": "holder-17",
    "issuer": "/nhs-login",
    "role": "budget_holder",
    "claims": {
        "identity_proofing_level": "P9",
        "nhs_number": "9990000018",
        "family_name": "Otter",
        "birthdate": "1970-01-01",
        "email": "holder-17@example.org",
    },
}
ROLES_OF_THE_REFERENCE = {
    *("budget_holder", "nominee", "representative_lasting_power_of_attorney"),
    *("representative_deputy", "nominated_person", "substitute_manager", "advocate"),
    *("peer_supporter", "broker", "care_coordinator", "practitioner", "team_manager"),
    *("multidisciplinary_team", "risk_enablement_panel", "lived_experience"),
    *("finance_officer_nhs", "finance_officer_council", "fund_manager", "commissioner"),
    *("complaints_officer", "appeals_officer", "auditor", "information_officer"),
    *("administrator",),
}


def changed(**claims):
    return {**HOLDER, "claims": {**HOLDER["claims"], **claims}}


def colleague(**claims):
    known = {"oid": "1", "name": "N", "preferred_username": "n@example.org", **claims}
    return {**HOLDER, "issuer": "/council/E09999999", "claims": known}


def test_it_lives(simulator):
    assert simulator.get("/health/live").json() == {"status": "live"}


def test_there_is_somebody_ready_for_every_role(simulator):
    users = simulator.get("/_sim/users").json()["users"]

    assert {one["role"] for one in users} >= ROLES_OF_THE_REFERENCE
    ready = tomllib.loads(READY_USERS.read_text())["users"]
    assert set(ready) <= {one["user"] for one in users}


def test_a_user_who_is_added_signs_in(simulator, relying_party):
    added = simulator.post("/_sim/users", HOLDER)
    again = simulator.post("/_sim/users", HOLDER)

    assert (added.status_code, again.status_code) == (201, 200)
    assert added.json() == HOLDER
    said = relying_party("/nhs-login").sign_in("holder-17").json
    assert said["id_token"]["nhs_number"] == "9990000018"
    assert said["id_token"]["family_name"] == "Otter"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (None, "JSON object"),
        ([], "JSON object"),
        ({"user": "x"}, "JSON object"),
        ({**HOLDER, "more": 1}, "JSON object"),
        ({**HOLDER, "user": ""}, "not empty"),
        ({**HOLDER, "user": 7}, "texts"),
        ({**HOLDER, "user": "alex"}, "another user"),
        ({**HOLDER, "issuer": "/partners"}, "Nobody signs in"),
        ({**HOLDER, "issuer": "/council/E00000000"}, "Nobody signs in"),
        ({**HOLDER, "claims": []}, "JSON object"),
        ({**HOLDER, "claims": {}}, "identity_proofing_level"),
        (changed(identity_proofing_level="P7"), "P0, P5 or P9"),
        (changed(nhs_number="9990000019"), "nhs_number"),
        (changed(nhs_number=9990000018), "nhs_number"),
        (changed(nhs_number="٩٩٩٠٠٠٠٠١٨"), "nhs_number"),
        (changed(email=["a@example.org"]), "email is of another type"),
        (changed(email_verified="yes"), "email_verified is of another type"),
        (changed(shoe_size=44), "does not know shoe_size"),
        ({**HOLDER, "issuer": "/cis2"}, "does not know"),
        (
            {
                **HOLDER,
                "issuer": "/cis2",
                "claims": {"sub": "1", "name": "N", "nhsid_nrbac_roles": [{"org_code": "QZZ"}]},
            },
            "nhsid_nrbac_roles",
        ),
        ({**HOLDER, "issuer": "/council/E09999999", "claims": {"name": "N"}}, "is missing"),
        (colleague(groups="all"), "groups is of another type"),
        (colleague(roles=[7]), "roles is of another type"),
        (colleague(acct=True), "acct is of another type"),
        (colleague(name=None), "name is of another type"),
    ],
)
def test_a_user_who_does_not_fit_is_refused_and_not_added(simulator, body, why):
    before = simulator.get("/_sim/users").json()

    answer = simulator.post("/_sim/users", body)

    assert answer.status_code == 400
    assert why in answer.json()["error"]
    assert simulator.get("/_sim/users").json() == before


@pytest.mark.parametrize(
    "body",
    [
        None,
        {"issuer": "/nhs-login"},
        {"client_id": "x", "issuer": "/nowhere"},
        {"client_id": "x", "issuer": "/partners", "jwks": {"keys": "none"}},
        {"client_id": "x", "issuer": "/partners", "jwks": {"keys": [{"kty": "RSA"}]}},
        {"client_id": "x", "issuer": "/partners", "jwks": "https://elsewhere.example"},
        {
            "client_id": "x",
            "issuer": "/partners",
            "jwks": {"keys": [{"kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]},
        },
        {"client_id": "x", "issuer": "/partners", "scopes": "messages"},
        {"client_id": "x", "issuer": "/partners", "redirect_uris": [""]},
        {"client_id": "x", "issuer": "/partners", "colour": "red"},
    ],
)
def test_a_client_that_does_not_fit_is_refused(simulator, body):
    assert simulator.post("/_sim/clients", body).status_code == 400


def test_a_private_key_is_not_taken_for_a_clients(simulator):
    keys = {"keys": [server.PRIVATE_KEY.as_dict(private=True)]}

    answer = simulator.post(
        "/_sim/clients", {"client_id": "x", "issuer": "/partners", "jwks": keys}
    )

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_sim/keys/rotate", {"issuer": "/nowhere"}),
        ("/_sim/keys/rotate", {"issuer": "/cis2", "drop_old": "yes"}),
        ("/_sim/keys/rotate", {"issuer": ["/cis2"]}),
        ("/_sim/keys/rotate", None),
        ("/_sim/logout", {"user": "nobody"}),
        ("/_sim/logout", {"somebody": "alex"}),
        ("/_sim/clock", {"advance_seconds": -1}),
        ("/_sim/clock", {}),
    ],
)
def test_what_cannot_be_done_is_refused(simulator, path, body):
    assert simulator.post(path, body).status_code == 400


def test_the_log_names_nobody(simulator, relying_party):
    relying_party("/nhs-login").sign_in("alex")

    entries = simulator.get("/_sim/log").text
    assert simulator.log("signed_in")[-1]["issuer"] == "/nhs-login"
    assert not [word for word in ("9990000018", "Sample", "alex@") if word in entries]


def test_tokens_go_by_a_clock_that_can_be_wrong(simulator, relying_party):
    simulator.post("/_sim/clock", {"skew_seconds": 86_400})
    try:
        assert relying_party("/council/E09999999").sign_in("auditor").status_code == 401
    finally:
        simulator.post("/_sim/clock", {"skew_seconds": 0})
    assert relying_party("/council/E09999999").sign_in("auditor").status_code == 200


@pytest.mark.parametrize(
    "missing", ["IDENTITY_CLIENT_SECRET", "IDENTITY_CLIENT_PUBLIC_KEY", "IDENTITY_USERS"]
)
def test_it_does_not_start_without_what_it_needs(missing, tmp_path):
    wrong = {
        "IDENTITY_CLIENT_SECRET": {"IDENTITY_USERS": str(tmp_path / "none.toml")},
        "IDENTITY_CLIENT_PUBLIC_KEY": {"IDENTITY_CLIENT_PUBLIC_KEY": "not base64"},
        "IDENTITY_USERS": {"IDENTITY_USERS": str(tmp_path / "none.toml")},
    }[missing]

    with pytest.raises((ValueError, OSError)), server.identity_server(**wrong):
        pass


def test_users_can_be_others(tmp_path):
    path = tmp_path / "users.toml"
    path.write_text(
        "[councils.E1]\nname='C'\ntenant='t'\nalgorithm='ES256'\n[users.one]\nissuer='/council/E1'\n"
        "role='auditor'\noid='1'\nname='One'\npreferred_username='one@example.org'\n"
    )
    with server.identity_server(IDENTITY_USERS=str(path)) as url:
        users = requests.get(f"{url}/_sim/users", timeout=10).json()["users"]
        back = authorise(url, "/council/E1", login_hint="one", scope="openid")
        assertion = an_assertion(url, "/council/E1", algorithm="RS256")

    assert [one["user"] for one in users] == ["one"]
    assert arguments(back.headers["Location"])["code"]
    assert assertion
