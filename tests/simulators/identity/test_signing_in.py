"""People, NHS staff and councils' staff sign in at Authlib's client with what their issuer says."""

import pytest
from joserfc import jws

from tests.simulators.identity.relying_party import SCOPES, arguments

EVERY_ISSUER = pytest.mark.parametrize(
    ("path", "user"),
    [
        ("/nhs-login", "alex"),
        ("/cis2", "care-coordinator"),
        ("/council/E09999999", "team-manager"),
        ("/council/E09999998", "other-team-manager"),
    ],
)
ALGORITHMS = {
    "/nhs-login": "RS512",
    "/cis2": "RS256",
    "/council/E09999999": "RS256",
    "/council/E09999998": "ES256",
}


@EVERY_ISSUER
def test_somebody_signs_in_with_a_token_of_the_issuers_own_algorithm(relying_party, path, user):
    party = relying_party(path)

    answer = party.sign_in(user)

    assert answer.status_code == 200, answer.json
    header = jws.extract_compact(answer.json["raw"]["id_token"].encode()).headers()
    assert header["alg"] == ALGORITHMS[path]
    assert answer.json["id_token"]["iss"] == party.issuer
    assert answer.json["raw"]["scope"] == SCOPES[path]


def test_nhs_login_says_who_a_person_is_and_how_sure_that_is(relying_party):
    said = relying_party("/nhs-login").sign_in("alex").json

    assert said["id_token"]["vot"] == "P9.Cp.Cd"
    assert said["id_token"]["identity_proofing_level"] == "P9"
    assert said["id_token"]["nhs_number"] == "9990000018"
    assert "email" not in said["id_token"]
    assert said["userinfo"] == {
        "sub": said["id_token"]["sub"],
        "nhs_number": "9990000018",
        "family_name": "Sample",
        "birthdate": "1961-04-09",
        "identity_proofing_level": "P9",
        "email": "alex@example.org",
        "email_verified": True,
        "phone_number": "+447700900123",
        "phone_number_verified": True,
        "phone_number_pds_matched": "true",
        "gp_ods_code": "Z99999",
    }


@pytest.mark.parametrize(
    ("user", "vectors", "outcome"),
    [
        ("half-proved", '["P5.Cp.Cd"]', "P5.Cp.Cd"),
        ("alex", '["P5.Cp.Cd"]', "P5.Cp.Cd"),
        ("not-proved", '["P9.Cp.Cd", "P0.Cp"]', "P0.Cp"),
        ("half-proved", '["P9.Cp.Cd"]', "access_denied"),
        ("alex", "P9", "invalid_request"),
        ("alex", "[]", "invalid_request"),
        ("alex", '["P9.Xx"]', "invalid_request"),
    ],
)
def test_a_level_is_reached_or_the_answer_is_no(relying_party, user, vectors, outcome):
    party = relying_party("/nhs-login", vtr=vectors)

    back = party.sent_back(user)

    if "code" in arguments(back):
        assert party.come_back(back).json["id_token"]["vot"] == outcome
    else:
        assert arguments(back)["error"] == outcome


def test_nothing_is_known_of_somebody_who_has_proved_nothing(relying_party):
    said = relying_party("/nhs-login", vtr='["P0.Cp"]').sign_in("not-proved").json

    assert set(said["userinfo"]) == {"sub", "email", "email_verified"}
    assert "nhs_number" not in said["id_token"]


def test_cis2_says_what_somebody_is_where(relying_party):
    said = relying_party("/cis2").sign_in("care-coordinator").json

    (role,) = said["userinfo"]["nhsid_nrbac_roles"]
    assert (role["org_code"], role["workgroups"]) == ("RZZ99", ["care_coordinator"])
    assert said["id_token"]["selected_roleid"] == role["person_roleid"]
    assert said["userinfo"]["nhsid_useruid"] == said["userinfo"]["uid"] == said["userinfo"]["sub"]
    assert said["userinfo"]["nhsid_user_orgs"][0]["org_code"] == "RZZ99"
    token = said["id_token"]
    assert (token["acr"], token["authentication_assurance_level"]) == ("AAL2_OR_AAL3_ANY", "3")
    assert (token["id_assurance_level"], token["amr"]) == ("3", ["N3_SMARTCARD"])


@pytest.mark.parametrize(
    ("user", "wanted", "outcome"),
    [
        ("care-coordinator", "AAL3_ANY", "AAL3_ANY"),
        ("practitioner", "AAL2_OR_AAL3_ANY", "AAL2_OR_AAL3_ANY"),
        ("practitioner", "AAL3_ANY", "access_denied"),
        ("practitioner", "AAL9", "invalid_request"),
    ],
)
def test_cis2_lets_nobody_in_below_the_level_asked_for(relying_party, user, wanted, outcome):
    party = relying_party("/cis2", acr_values=wanted)

    back = party.sent_back(user)

    if "code" in arguments(back):
        assert party.come_back(back).json["id_token"]["acr"] == outcome
    else:
        assert arguments(back)["error"] == outcome


def test_a_council_says_its_own_roles_and_nothing_of_them_at_userinfo(relying_party):
    said = relying_party("/council/E09999999").sign_in("finance-officer-council").json

    token = said["id_token"]
    assert token["roles"] == ["finance_officer"]
    assert token["preferred_username"] == "ines.kerr@aldermoor.example.org"
    assert {"oid", "tid", "groups"} <= set(token)
    assert set(said["userinfo"]) == {"sub", "name", "given_name", "family_name", "email"}


def test_a_guest_of_a_council_is_marked_as_one(relying_party):
    party = relying_party("/council/E09999999")

    assert party.sign_in("broker").json["id_token"]["acct"] == 1
    assert party.sign_in("auditor").json["id_token"]["acct"] == 0


def test_somebody_of_another_issuer_cannot_sign_in(relying_party):
    back = relying_party("/council/E09999998").sent_back("team-manager")

    assert arguments(back)["error"] == "login_required"


@EVERY_ISSUER
def test_the_page_lists_the_users_of_its_issuer_and_choosing_one_signs_in(
    relying_party, path, user
):
    party = relying_party(path)
    address = party.address()

    page = party.browser.get(address, timeout=10)
    chosen = party.browser.post(address, data={"user": user}, allow_redirects=False, timeout=10)

    assert page.status_code == 200
    assert f'value="{user}"' in page.text
    assert ("alex" in page.text) == (path == "/nhs-login")
    assert party.come_back(chosen.headers["Location"]).status_code == 200


def test_somebody_with_two_roles_chooses_one_of_their_own(relying_party, simulator):
    users = {one["user"]: one for one in simulator.get("/_sim/users").json()["users"]}
    _, second = users["two-roles"]["claims"]["nhsid_nrbac_roles"]
    party = relying_party("/cis2")
    address = party.address()

    def choose(user, role):
        form = {"user": user, "role": role["person_roleid"]}
        return party.browser.post(address, data=form, allow_redirects=False, timeout=10)

    back = choose("two-roles", second).headers["Location"]
    said = party.come_back(back).json
    assert said["id_token"]["selected_roleid"] == second["person_roleid"]
    assert choose("care-coordinator", second).status_code == 400


def test_a_subject_is_the_same_at_every_sign_in_and_a_councils_another_for_each_client(
    relying_party, simulator
):
    person, colleague = relying_party("/nhs-login"), relying_party("/council/E09999999")
    first = person.sign_in("alex").json["id_token"]["sub"]
    second = relying_party("/nhs-login").sign_in("alex").json["id_token"]["sub"]
    assert first == second != person.sign_in("holder").json["id_token"]["sub"]

    known = colleague.sign_in("broker").json["id_token"]
    assert known["sub"] != known["oid"]
