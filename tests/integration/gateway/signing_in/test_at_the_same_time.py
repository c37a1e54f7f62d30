"""What counts once counts once, though many bring it at the same moment."""

from collections import Counter
from datetime import timedelta
from functools import partial

from tests.integration.gateway.signing_in import test_apps, test_partner_systems
from tests.integration.gateway.signing_in.signing import PUBLIC_URL, arguments
from tests.integration.racing import all_at_once

MANY = 8


def statuses(acts):
    return Counter(answer.status_code for answer in all_at_once(acts))


def test_one_of_many_with_the_same_assertion_gets_a_token(gateway, partner_key):
    assertion = test_partner_systems.signed(partner_key)

    found = statuses([partial(test_partner_systems.ask, gateway, assertion)] * MANY)

    assert found == {200: 1, 401: MANY - 1}
    assert gateway.stored()["sessions"] == 1


def test_one_of_many_that_come_back_with_the_same_state_is_let_in(gateway):
    browser = gateway.browser()
    address = browser.sent_back("aldermoor", "broker").removeprefix(PUBLIC_URL)
    cookie = browser.client.get_cookie("__Host-sign-in", domain="gateway.example").value
    headers = {"Cookie": f"__Host-sign-in={cookie}"}

    def come_back():
        client = gateway.app.test_client(use_cookies=False)
        return client.get(address, base_url=PUBLIC_URL, headers=headers)

    assert statuses([come_back] * MANY) == {303: 1, 401: MANY - 1}
    assert gateway.stored()["sessions"] == 1


def test_one_of_many_with_the_same_code_gets_a_token(gateway):
    answer = gateway.browser().sign_in("aldermoor", **test_apps.APP)
    code = arguments(answer.headers["Location"])["code"]

    found = statuses([partial(test_apps.exchange, gateway, code)] * MANY)

    assert found == {201: 1, 401: MANY - 1}


def test_many_begin_while_what_is_old_is_forgotten(gateway):
    for _ in range(MANY):
        gateway.browser().begin("aldermoor")
    gateway.watch.ahead = timedelta(hours=1)

    found = statuses([lambda: gateway.browser().begin("aldermoor") for _ in range(MANY)])

    assert found == {303: MANY}
    assert gateway.stored()["sign_ins"] == MANY


def test_who_asks_while_they_sign_out_is_answered_one_way_or_the_other(gateway):
    answer = gateway.browser().sign_in("aldermoor", **test_apps.APP)
    code = arguments(answer.headers["Location"])["code"]
    token = test_apps.exchange(gateway, code).json["access_token"]
    gateway.watch.ahead = timedelta(minutes=2)  # so that being there is written down
    headers = {"Authorization": f"Bearer {token}"}

    def sign_out():
        return gateway.app.test_client().delete("/v1/session", base_url=PUBLIC_URL, headers=headers)

    found = statuses([partial(gateway.get, "/v1/me", token)] * MANY + [sign_out])

    assert set(found) <= {200, 204, 401}
    assert gateway.stored()["sessions"] == 0
