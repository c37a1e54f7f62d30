"""A session lasts as long as somebody is there, and no longer than a working day."""

from datetime import timedelta

import pytest

from tests.integration.gateway.signing_in.signing import PUBLIC_URL, cookies_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def browser(gateway):
    browser = gateway.browser()
    browser.sign_in("aldermoor")
    return browser


def csrf(browser):
    return {"X-CSRF-Token": browser.me().json["csrf_token"]}


def test_nobody_is_anybody_before_they_sign_in(gateway):
    answer = gateway.browser().me()

    assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_nobody_learns_of_a_form_before_they_sign_in(gateway):
    answer = gateway.browser().send("PUT", "/v1/me/role", json={"choice": "the first"})

    assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in")


def test_a_session_ends_when_nobody_was_there_for_a_quarter_of_an_hour(gateway, browser):
    for _ in range(3):
        gateway.watch.ahead += 14 * MINUTE
        assert browser.me().status_code == 200

    gateway.watch.ahead += 15 * MINUTE

    assert browser.me().status_code == 401
    assert gateway.stored()["sessions"] == 0


def test_a_session_ends_after_eight_hours_whoever_is_there(gateway, browser):
    while gateway.watch.ahead < 8 * HOUR - 10 * MINUTE:
        gateway.watch.ahead += 10 * MINUTE
        assert browser.me().status_code == 200

    gateway.watch.ahead += 10 * MINUTE

    assert browser.me().status_code == 401


def test_who_signs_out_is_out_here_and_wherever_the_cookie_was_copied_to(gateway, browser):
    copy = browser.client.get_cookie("__Host-session", domain="gateway.example").value

    answer = browser.send("DELETE", "/v1/session", headers=csrf(browser))

    assert answer.status_code == 204
    assert browser.client.get_cookie("__Host-session", domain="gateway.example") is None
    other = gateway.browser()
    other.client.set_cookie("__Host-session", copy, domain="gateway.example")
    assert other.me().status_code == 401
    assert gateway.stored()["sessions"] == 0


@pytest.mark.parametrize(
    "request_line",
    [
        "DELETE /v1/session",
        "PUT /v1/me/role",
        "POST /v1/purchases",
        "POST /v1/purchases/6d3a1a52-6f0e-4c9b-9d53-0f6c1d5f2b11/cancellation",
    ],
)
@pytest.mark.parametrize("token", [None, "", "a" * 43, "ä"])
def test_what_changes_something_needs_the_token_of_our_page(browser, request_line, token):
    headers = {} if token is None else {"X-CSRF-Token": token}

    answer = browser.send(*request_line.split(), headers=headers, json={"choice": 0})

    assert (answer.status_code, answer.json["code"]) == (403, "csrf_token_wanted")
    assert browser.me().status_code == 200


def test_the_token_of_another_session_does_not_count(gateway, browser):
    other = gateway.browser()
    other.sign_in("thornby")

    answer = browser.send("DELETE", "/v1/session", headers=csrf(other))

    assert answer.json["code"] == "csrf_token_wanted"


def test_with_the_token_of_our_page_a_request_goes_through(browser):
    answer = browser.send("POST", "/v1/purchases", headers=csrf(browser), json={})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")


def test_a_cookies_secret_is_no_bearer_token(gateway, browser):
    secret = browser.client.get_cookie("__Host-session", domain="gateway.example").value

    assert gateway.get("/v1/me", secret).status_code == 401


@pytest.mark.parametrize(
    "authorisation", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer " + "a" * 300]
)
def test_a_token_that_is_none_is_not_made_good_by_a_cookie(browser, authorisation):
    answer = browser.get("/v1/me", headers={"Authorization": authorisation})

    assert answer.status_code == 401


def test_the_routes_of_a_subject_are_behind_the_same_door(gateway, browser):
    path = "/v1/budgets/6d3a1a52-6f0e-4c9b-9d53-0f6c1d5f2b11/purchases?cursor=x"

    assert gateway.browser().get(path).status_code == 401
    gateway.watch.ahead += 15 * MINUTE
    assert browser.get(path).status_code == 401


class TestSeveralRoles:
    """Somebody with several roles acts in one of them at a time."""

    @pytest.fixture
    def browser(self, gateway, simulator):
        user = {
            "user": "both",
            "issuer": "/council/E09999999",
            "role": "practitioner and team_manager",
            "claims": {
                "oid": "0b1f5bf6-0a43-4c3e-8fd5-0f8c1d8f5a11",
                "name": "Both Roles",
                "preferred_username": "both@aldermoor.example.org",
                "roles": ["practitioner", "team_manager"],
                "groups": [],
            },
        }
        assert simulator.post("/_sim/users", user).status_code in {200, 201}
        browser = gateway.browser()
        browser.sign_in("aldermoor", "both")
        return browser

    def test_none_counts_until_one_is_chosen(self, browser):
        me = browser.me().json
        answer = browser.get("/v1/purchases/6d3a1a52-6f0e-4c9b-9d53-0f6c1d5f2b11")

        assert me["role"] is None
        assert [one["role"] for one in me["choices"]] == ["practitioner", "team_manager"]
        assert (answer.status_code, answer.json["code"]) == (403, "no_role_chosen")

    def test_a_choice_counts_and_gives_the_session_another_secret(self, gateway, browser):
        former = browser.client.get_cookie("__Host-session", domain="gateway.example").value

        answer = browser.send("PUT", "/v1/me/role", json={"choice": 1}, headers=csrf(browser))

        assert answer.json == {
            "role": "team_manager",
            "organisation": "council",
            "access_token": None,
        }
        assert "__Host-session" in cookies_of(answer)
        assert browser.me().json["role"] == "team_manager"
        other = gateway.browser()
        other.client.set_cookie("__Host-session", former, domain="gateway.example")
        assert other.me().status_code == 401

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"choice": 2}, "no_such_role"),
            ({"choice": -1}, "invalid_request"),
            ({"choice": "1"}, "invalid_request"),
            ({"choice": True}, "invalid_request"),
            ({}, "invalid_request"),
            ({"choice": 0, "role": "auditor"}, "invalid_request"),
        ],
    )
    def test_nobody_chooses_a_role_that_they_do_not_have(self, browser, body, code):
        answer = browser.send("PUT", "/v1/me/role", json=body, headers=csrf(browser))

        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert browser.me().json["role"] is None


def test_at_cis2_the_role_that_was_chosen_there_counts_and_others_can_be_chosen(gateway):
    browser = gateway.browser()
    browser.sign_in("cis2", "two-roles")
    before = browser.me().json

    browser.send("PUT", "/v1/me/role", json={"choice": 1}, headers=csrf(browser))

    after = browser.me().json
    assert (before["role"], before["organisation"]) == ("care_coordinator", "nhs-trust")
    assert (after["role"], after["organisation"]) == ("team_manager", "integrated-care-board")


def test_the_process_says_that_it_lives_and_is_ready_to_whoever_asks(gateway):
    for path, status in (("/health/live", "live"), ("/health/ready", "ready")):
        answer = gateway.app.test_client().get(path, base_url=PUBLIC_URL)
        assert (answer.status_code, answer.json["status"]) == (200, status)
