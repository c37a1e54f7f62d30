"""People and staff sign in where they always do, and are known here by who they are."""

import pytest

from demo import staff
from tests.integration.gateway.signing_in.signing import WAYS_IN, arguments, cookies_of


def test_a_person_signs_in_by_nhs_login_and_is_the_person_of_that_nhs_number(gateway, alex):
    browser = gateway.browser()

    answer = browser.sign_in("nhs-login")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/v1/me")
    me = browser.me().json
    assert (me["actor_id"], me["role"], me["organisation"]) == (alex, "budget_holder", "")
    assert (me["kind"], me["purpose"], me["provider"]) == ("browser", "own_record", "nhs-login")


@pytest.mark.parametrize(
    ("way", "user", "colleague"),
    [
        ("cis2", "care-coordinator", staff.CARE_COORDINATOR),
        ("cis2", "practitioner", staff.PRACTITIONER),
        ("cis2", "multidisciplinary-team", staff.MULTIDISCIPLINARY_TEAM),
        ("cis2", "complaints-officer", staff.COMPLAINTS_OFFICER),
        ("cis2", "information-officer", staff.INFORMATION_OFFICER),
        ("aldermoor", "broker", staff.BROKER),
        ("aldermoor", "other-broker", staff.OTHER_BROKER),
        ("aldermoor", "team-manager", staff.TEAM_MANAGER),
        ("aldermoor", "risk-enablement-panel", staff.RISK_ENABLEMENT_PANEL),
        ("aldermoor", "lived-experience", staff.LIVED_EXPERIENCE),
        ("aldermoor", "appeals-officer", staff.APPEALS_OFFICER),
    ],
)
def test_a_colleague_of_the_demo_is_known_as_care_teams_name_them(gateway, way, user, colleague):
    browser = gateway.browser()

    browser.sign_in(way, user)

    me = browser.me().json
    assert me["actor_id"] == colleague.staff_id
    assert (me["role"], me["organisation"]) == (colleague.role, colleague.organisation)


def test_a_colleague_whom_no_file_names_has_an_id_of_their_own_each_time_the_same(gateway):
    ids = []
    for user in ("other-care-coordinator", "other-care-coordinator", "finance-officer-nhs"):
        browser = gateway.browser()
        browser.sign_in("cis2", user)
        ids.append(browser.me().json["actor_id"])

    assert ids[0] == ids[1] != ids[2]


def test_another_councils_staff_come_in_as_of_their_own(gateway):
    browser = gateway.browser()

    browser.sign_in("thornby")

    me = browser.me().json
    assert (me["role"], me["organisation"]) == ("team_manager", "other-council")


def test_finding_the_person_is_asked_by_the_gateway_for_that_and_nothing_else(
    gateway, alex, assessment
):
    gateway.browser().sign_in("nhs-login")

    ((operation, actor),) = assessment.asked
    assert operation == "assessment.find_person"
    assert (actor.actor_id, actor.purpose) == ("gateway", "sign_in")


@pytest.mark.parametrize("way", WAYS_IN)
def test_a_provider_is_asked_with_state_nonce_pkce_and_how_old_a_sign_in_may_be(gateway, way):
    address = gateway.browser().begin(way).headers["Location"]

    said = arguments(address)
    assert said["code_challenge_method"] == "S256"
    assert min(len(said[one]) for one in ("state", "nonce", "code_challenge")) == 43
    assert said["redirect_uri"] == f"https://gateway.example/sign-in/{way}/callback"
    assert said["max_age"] == "3600"


def test_levels_are_asked_for_where_there_are_levels(gateway):
    begin = gateway.browser().begin

    assert "P9" in arguments(begin("nhs-login").headers["Location"])["vtr"]
    assert "AAL2" in arguments(begin("cis2").headers["Location"])["acr_values"]


def test_cookies_are_for_this_host_for_https_and_for_no_script(gateway, alex):
    browser = gateway.browser()
    attributes = {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}

    begun = cookies_of(browser.begin("nhs-login"))
    done = cookies_of(browser.sign_in("nhs-login"))

    assert begun == {"__Host-sign-in": attributes | {"Max-Age=600"}}
    assert done == {"__Host-session": attributes}


def test_what_is_kept_lets_nobody_in(gateway, alex):
    browser = gateway.browser()
    browser.begin("nhs-login")
    browser.sign_in("nhs-login")
    kept = [
        str(value)
        for row in gateway.sessions()
        for value in vars(row).values()
        if isinstance(value, str)
    ]
    secret = browser.client.get_cookie("__Host-session", domain="gateway.example").value

    assert secret not in kept
    assert browser.me().status_code == 200


def test_a_browser_goes_back_to_where_it_wanted_to_be(gateway, alex):
    answer = gateway.browser().sign_in("nhs-login", return_to="/v1/purchases?limit=5")

    assert answer.headers["Location"] == "/v1/purchases?limit=5"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nb", "x", "/" + "a" * 500],
)
def test_a_browser_is_sent_nowhere_else(gateway, elsewhere):
    answer = gateway.browser().begin("nhs-login", return_to=elsewhere)

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")
    assert gateway.stored()["sign_ins"] == 0


def test_there_is_no_way_in_that_is_not_in_the_file(gateway):
    assert gateway.browser().begin("elsewhere").json["code"] == "no_such_provider"
    assert gateway.browser().get("/sign-in/elsewhere/callback?state=a&code=b").status_code == 404


def test_a_person_whom_nobody_has_referred_is_told_so_and_not_let_in(gateway):
    answer = gateway.browser().sign_in("nhs-login")

    assert (answer.status_code, answer.json["code"]) == (403, "not_known_here")
    assert gateway.stored()["sessions"] == 0


@pytest.mark.parametrize(
    ("way", "variant"),
    [("cis2", "no_roles"), ("cis2", "unknown_role"), ("aldermoor", "no_roles")],
)
def test_whoever_has_no_role_here_is_not_let_in(gateway, simulator, way, variant):
    path = "/cis2" if way == "cis2" else "/council/E09999999"
    simulator.plan("bad_facts", variant=variant, type=path)

    answer = gateway.browser().sign_in(way)

    assert (answer.status_code, answer.json["code"]) == (403, "no_role")
    assert gateway.stored()["sessions"] == 0


def test_a_new_sign_in_ends_the_session_before_and_has_another_secret(gateway, alex):
    browser = gateway.browser()
    browser.sign_in("nhs-login")
    first = browser.client.get_cookie("__Host-session", domain="gateway.example").value

    browser.sign_in("aldermoor")

    second = browser.client.get_cookie("__Host-session", domain="gateway.example").value
    assert first != second
    assert [one.provider for one in gateway.sessions()] == ["aldermoor"]


def test_a_cookie_that_somebody_planted_is_not_taken_for_a_session(gateway, alex):
    browser = gateway.browser()
    browser.client.set_cookie("__Host-session", "planted", domain="gateway.example")

    browser.sign_in("nhs-login")

    found = browser.client.get_cookie("__Host-session", domain="gateway.example").value
    assert found != "planted"
    assert len(found) == 43
