"""Whatever is wrong with what a provider or a browser brings, nobody is let in by it."""

from datetime import timedelta

import pytest

from simulators.identity.forgeries import ID_TOKEN
from simulators.identity.known_faults import VARIANTS
from tests.integration.gateway.signing_in.signing import PATHS, arguments

pytestmark = pytest.mark.prove  # a connection, or a browser, for each of very many cases
EVERY_WAY = pytest.mark.parametrize("way", ["nhs-login", "cis2", "thornby"])
MINUTE = timedelta(minutes=1)
NOTHING = {"sessions": 0, "sign_ins": 0, "app_codes": 0, "used_tokens": 0}


def refused(gateway, answer, *, status=401):
    assert answer.status_code == status, answer.json
    assert gateway.stored() == NOTHING
    assert "__Host-session" not in str(answer.headers.getlist("Set-Cookie"))


@EVERY_WAY
@pytest.mark.parametrize("variant", ID_TOKEN)
def test_a_bad_id_token_lets_nobody_in(gateway, alex, simulator, way, variant):
    simulator.plan("bad_id_token", variant=variant, type=PATHS[way])
    strangers = len(simulator.log("strangers_keys_read"))

    answer = gateway.browser().sign_in(way)

    assert simulator.planned() == []
    refused(gateway, answer)
    assert len(simulator.log("strangers_keys_read")) == strangers
    assert gateway.browser().sign_in(way).status_code == 303


def test_there_are_at_least_twenty_kinds():
    assert len(set(ID_TOKEN)) >= 20


@EVERY_WAY
@pytest.mark.parametrize("variant", VARIANTS["bad_callback"])
def test_a_bad_way_back_lets_nobody_in(gateway, alex, simulator, way, variant):
    simulator.plan("bad_callback", variant=variant, type=PATHS[way])

    answer = gateway.browser().sign_in(way)

    assert answer.status_code == 401, answer.json
    still_waits = variant in {"other_state", "no_state"}  # nobody came back with what we sent
    assert gateway.stored() == NOTHING | {"sign_ins": int(still_waits)}


@pytest.mark.parametrize("variant", VARIANTS["bad_userinfo"])
def test_what_userinfo_says_of_another_counts_for_nobody(gateway, alex, simulator, variant):
    simulator.plan("bad_userinfo", variant=variant, type="/nhs-login")

    answer = gateway.browser().sign_in("nhs-login")

    refused(gateway, answer, status=502 if variant == "not_json" else 401)


@pytest.mark.parametrize("variant", VARIANTS["bad_token_answer"])
def test_an_answer_without_its_tokens_lets_nobody_in(gateway, alex, simulator, variant):
    simulator.plan("bad_token_answer", variant=variant, type="/nhs-login")

    refused(gateway, gateway.browser().sign_in("nhs-login"))


@pytest.mark.parametrize("variant", VARIANTS["bad_keys"])
def test_without_the_providers_own_keys_nobody_is_believed(gateway, alex, simulator, variant):
    simulator.plan("bad_keys", variant=variant, type="/nhs-login", times=5)

    answer = gateway.browser().sign_in("nhs-login")

    refused(gateway, answer, status=502 if variant == "not_json" else 401)


@pytest.mark.parametrize("variant", VARIANTS["bad_discovery"])
def test_a_document_of_another_issuer_sends_nobody_anywhere(gateway, simulator, variant):
    simulator.plan("bad_discovery", variant=variant, type="/nhs-login")

    answer = gateway.browser().begin("nhs-login")

    assert (answer.status_code, answer.json["code"]) == (502, "provider_away")
    assert gateway.stored() == NOTHING


@pytest.mark.parametrize("fault", ["drop", "error_500"])
@pytest.mark.parametrize("endpoint", ["token", "keys", "userinfo"])
def test_a_provider_that_breaks_down_lets_nobody_in(gateway, alex, simulator, fault, endpoint):
    simulator.plan(fault, variant=endpoint, type="/nhs-login", times=5)

    refused(gateway, gateway.browser().sign_in("nhs-login"), status=502)


@pytest.mark.parametrize("variant", VARIANTS["authorise_error"])
def test_an_error_in_place_of_a_code_lets_nobody_in(gateway, simulator, variant):
    simulator.plan("authorise_error", variant=variant, type="/cis2")

    refused(gateway, gateway.browser().sign_in("cis2"))


@pytest.mark.parametrize(
    ("way", "variant"),
    [
        ("nhs-login", "no_nhs_number"),
        ("nhs-login", "bad_nhs_number"),
        ("nhs-login", "low_level"),
        ("cis2", "low_level"),
        ("thornby", "other_tenant"),
    ],
)
def test_facts_that_are_not_enough_let_nobody_in(gateway, alex, simulator, way, variant):
    simulator.plan("bad_facts", variant=variant, type=PATHS[way])

    refused(gateway, gateway.browser().sign_in(way))


def test_an_address_to_which_a_browser_came_back_is_good_once(gateway, alex):
    browser = gateway.browser()
    address = browser.sent_back("nhs-login", "alex")

    assert browser.come_back(address).status_code == 303
    assert browser.come_back(address).status_code == 401
    assert gateway.stored()["sessions"] == 1


def test_a_code_that_was_used_is_refused_with_a_new_state_too(gateway, alex):
    browser = gateway.browser()
    used = arguments(browser.sent_back("nhs-login", "alex"))
    fresh = arguments(browser.begin("nhs-login").headers["Location"])
    browser.get(f"/sign-in/nhs-login/callback?state={used['state']}&code={used['code']}")

    answer = gateway.browser().get(
        f"/sign-in/nhs-login/callback?state={fresh['state']}&code={used['code']}"
    )

    assert answer.status_code == 401
    assert gateway.stored()["sessions"] == 1


def test_another_browser_cannot_finish_a_sign_in(gateway, alex):
    """Else somebody could be signed in as a stranger, and write into the stranger's record."""
    address = gateway.browser().sent_back("nhs-login", "alex")
    victim = gateway.browser()
    victim.begin("nhs-login")

    assert victim.come_back(address).status_code == 401
    assert gateway.browser().come_back(address).status_code == 401
    assert gateway.stored()["sessions"] == 0


def test_what_one_provider_was_asked_another_cannot_answer(gateway, alex):
    browser = gateway.browser()
    said = arguments(browser.sent_back("nhs-login", "alex"))

    answer = browser.get(f"/sign-in/cis2/callback?state={said['state']}&code={said['code']}")

    refused(gateway, answer)


def test_cis2_has_to_say_that_it_is_itself_that_answers(gateway):
    browser = gateway.browser()
    said = arguments(browser.sent_back("cis2", "care-coordinator"))

    answer = browser.get(f"/sign-in/cis2/callback?state={said['state']}&code={said['code']}")

    refused(gateway, answer)


def test_a_sign_in_that_took_too_long_is_begun_again(gateway, alex):
    browser = gateway.browser()
    address = browser.sent_back("nhs-login", "alex")
    gateway.watch.ahead = 10 * MINUTE

    refused(gateway, browser.come_back(address))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?state=&code=",
        "?state=a&state=b&code=c",
        "?code=x",
        "?state=" + "a" * 5_000,
    ],
)
def test_a_way_back_that_makes_no_sense_is_refused(gateway, query):
    browser = gateway.browser()
    browser.begin("nhs-login")

    assert browser.get(f"/sign-in/nhs-login/callback{query}").status_code == 401


@pytest.mark.parametrize("query", ["?%00=%00", "?state=a%00&code=c", "?state=%FF&code=c"])
def test_a_way_back_with_what_no_text_holds_is_not_even_read(gateway, query):
    browser = gateway.browser()
    browser.begin("nhs-login")

    answer = browser.get(f"/sign-in/nhs-login/callback{query}")

    assert answer.status_code == 400 + ("FF" in query)  # what is no UTF-8 is read as another text
    assert gateway.stored() == NOTHING | {"sign_ins": 1}


def test_keys_that_a_provider_exchanged_are_found(gateway, alex, simulator):
    assert gateway.browser().sign_in("cis2").status_code == 303

    simulator.post("/_sim/keys/rotate", {"issuer": "/cis2", "drop_old": True})

    assert gateway.browser().sign_in("cis2").status_code == 303
