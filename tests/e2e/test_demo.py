"""From referral to receipt with the whole suite as processes, as somebody sees it outside."""

import html

import pytest
import requests

from tests.e2e.conftest import STACK, STRANGE_NAME, run
from tests.e2e.expected import (
    FUNDERS,
    exactly_spent,
    expected,
    most_drift_pence,
    spent_pence,
)

pytestmark = pytest.mark.prove
GIVEN, FAMILY = STRANGE_NAME["given_name"], STRANGE_NAME["family_name"]


def messages_of(played, case_ref):
    person_id = played.known(case_ref)["person_id"]
    return played.caller.query("notifications.messages", {"person_id": person_id})


def test_the_demo_ends_well(played):
    assert played.summary["cases_failed"] == []
    assert played.exit_code == 0, played.output


def test_without_a_terminal_it_prints_no_control_characters(played):
    assert "\x1b" not in played.output
    assert "\r" not in played.output


def test_the_figures_are_those_that_follow_from_the_file(played):
    figures = expected(played.cases)

    assert {name: played.summary[name] for name in figures} == figures


def test_every_penny_spent_is_some_funders_and_neither_drifts(played):
    spent = played.summary["spent_pence"]

    assert sum(spent.values()) == spent_pence(played.cases)
    for funder in FUNDERS:
        drift = abs(spent[funder] - exactly_spent(played.cases, funder))
        assert drift < most_drift_pence(played.cases)


def test_the_ledger_balances(played):
    ledger = played.summary["ledger"]

    assert ledger["sum_pence"] == 0
    assert ledger["balances_match_postings"] is True
    assert ledger["journals"] > 0


def test_nothing_is_dead_and_nothing_under_way(played):
    assert played.summary["queues"] == {"ready": 0, "unacknowledged": 0, "dead": 0}
    assert played.summary["outbox_pending"] == 0


def test_every_channel_was_used(played):
    assert all(count > 0 for count in played.summary["messages"].values())


def test_a_strange_name_is_kept_as_it_was_written(played):
    case = played.caller.query(
        "assessment.case", {"referral_id": played.known("STRANGE")["referral_id"]}
    )

    assert (case["person"]["given_name"], case["person"]["family_name"]) == (GIVEN, FAMILY)


def test_a_strange_name_stands_in_its_messages_as_it_was_written(played):
    bodies = [message["body"] for message in messages_of(played, "STRANGE")]

    assert bodies
    assert all(f"Dear {GIVEN} {FAMILY}," in body for body in bodies)


def test_a_strange_name_reaches_the_provider_and_its_page_escapes_it(played):
    notify = played.environment["DEMO_NOTIFY_URL"]
    only = {"to": "strange@example.org"}

    received = requests.get(f"{notify}/_inbox.json", params=only, timeout=10).json()
    page = requests.get(f"{notify}/_inbox", params=only, timeout=10).text

    assert received
    assert all(f"Dear {GIVEN} {FAMILY}," in message["body"] for message in received)
    assert "<b>🌻</b>" not in page
    assert html.escape("<b>🌻</b>") in page


def test_nobody_is_texted_who_must_not_be(played):
    unsafe = [case for case in played.cases if not case["person"]["safe_to_text"]]

    assert unsafe
    for case in unsafe:
        told = messages_of(played, case["case_ref"])
        assert told
        assert "sms" not in {message["channel"] for message in told}


def test_who_declines_a_budget_is_told_in_writing_and_has_no_ledger(played):
    (case,) = [case for case in played.cases if not case["wants_budget"]]
    channels = {message["channel"] for message in messages_of(played, case["case_ref"])}

    assert "budget_id" not in played.known(case["case_ref"])
    assert channels <= {"email", "letter"}
    assert any(
        "services stay" in message["body"] for message in messages_of(played, case["case_ref"])
    )


def test_what_did_not_go_smoothly_is_counted(played):
    assert played.summary["along_the_way"] == {
        "identity_questions": 1,
        "people_merged": 1,
        "referrals_refused": 1,
        "plans_refused": 1,
        "panels_asked": 1,
        "appeals": 1,
        "appeals_upheld": 1,
    }


@pytest.mark.parametrize(
    ("case_ref", "said"),
    [
        ("MD-0001", "one person?"),
        ("MD-0005", "Wiremu Castle, risk enablement panel, decided on"),
        ("MD-0007", "Decided by Sunniva Boyd, appeals officer, on"),
    ],
)
def test_what_did_not_go_smoothly_can_be_read_afterwards(played, case_ref, said):
    shown = run("demo.show", case_ref, "--stack", STACK)

    assert shown.returncode == 0, shown.stderr
    assert said in shown.stdout


@pytest.mark.parametrize("case_ref", ["MP-0026", "MP-0043", "MP-0050", "MP-0170", "STRANGE"])
def test_a_case_can_be_read_afterwards(played, case_ref):
    shown = run("demo.show", case_ref, "--stack", STACK)

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(f"{case_ref}\n")
    (case,) = [case for case in played.cases if case["case_ref"] == case_ref]
    assert f"{case['person']['given_name']} {case['person']['family_name']}" in shown.stdout
    for item in (case["support_plan"] or {"items": []})["items"]:
        assert f"{item['description']}: " in shown.stdout
    for message in messages_of(played, case_ref):
        for line in message["body"].splitlines():
            assert line.rstrip() in shown.stdout


def test_a_case_that_was_not_played_is_answered_with_some_that_were(played):
    shown = run("demo.show", "MP-0177", "--stack", STACK)

    assert shown.returncode == 2
    assert "MP-0170" in shown.stderr
