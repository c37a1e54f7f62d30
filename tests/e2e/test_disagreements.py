"""Cases in which people disagree, played to their end and looked at from outside."""

import pytest

from demo.showing import page
from deploy.local.stack import Stack
from tests.e2e.conftest import CHECKOUT, cases_of, playing
from tests.e2e.expected import exactly_spent, expected, most_drift_pence, spent_pence

pytestmark = pytest.mark.prove

STACK = "test-disagreements"
FILE = "disagreements.jsonl"
MANAGER, TEAM, PANEL = "team_manager", "multidisciplinary_team", "risk_enablement_panel"
COORDINATOR = "care_coordinator"
# By case: every rung that was asked about which version, and what it said.
TRAILS = {
    "MD-0001": [(1, COORDINATOR, "approve")],
    "MD-0002": [(1, COORDINATOR, "approve")],
    "MD-0003": [(1, COORDINATOR, "approve")],
    "MD-0004": [(1, MANAGER, "approve")],
    "MD-0005": [
        (1, COORDINATOR, "escalate"),
        (1, MANAGER, "escalate"),
        (1, TEAM, "escalate"),
        (1, PANEL, "approve"),
    ],
    "MD-0006": [
        (1, COORDINATOR, "escalate"),
        (1, MANAGER, "return"),
        (2, COORDINATOR, "escalate"),
        (2, MANAGER, "approve"),
    ],
    "MD-0007": [(1, MANAGER, "refuse"), (1, TEAM, "approve")],
    "MD-0008": [(1, COORDINATOR, "approve")],
    "MD-0009": [
        (1, COORDINATOR, "escalate"),
        (1, MANAGER, "return"),
        (2, COORDINATOR, "escalate"),
        (2, MANAGER, "refuse"),
        (2, TEAM, "escalate"),
        (2, PANEL, "approve"),
    ],
}
# What the page of a case says, by the word that the case has in the file.
SAID = {
    "referred_by_both": ["one person?", "yes, and the records were merged."],
    "referral_refused_and_appealed": ["the person lives in another area", "is open again."],
    "worker_changed": ["for another broker:", "it was Imani Sutcliffe."],
    "consent_withdrawn_and_given_again": ["Assessment, the council: agreed on", ", until "],
    "split_disputed": ["Until it was settled: half and half.", "Settled by the team manager"],
    "signed_by_representative": ["Robin Example, for the person, signed", "Mental Capacity Act"],
    "plan_returned_once": ["Team manager, decided on", "sent back.", "Version 2:", "void since"],
    "plan_refused_and_appealed": ["An item, refused:", "Ottilie Grange (advocate)", "upheld."],
    "climbs_all_rungs": ["As somebody with lived experience.", "Who decided is backed:"],
    "complaint_made": ["is not for the care team:", "Ask the complaints officer"],
    "reduction_needs_statement": ["until it is explained and shown.", "the person said:"],
}


@pytest.fixture(scope="module")
def played():
    with playing(
        CHECKOUT / "demo" / "cases" / FILE, cases_of(FILE), stack_name=STACK
    ) as run_of_the_demo:
        yield run_of_the_demo
    Stack.named(STACK).remove()


def case_of(played, case_ref):
    known = played.known(case_ref)
    return played.caller.query("assessment.case", {"referral_id": known["referral_id"]})


def page_of(played, case_ref):
    found = page.fetch(played.caller, case_ref=case_ref, known=played.known(case_ref))
    return "\n".join(page.lines(found))


def having(played, word):
    return [case["case_ref"] for case in played.cases if word in case["along_the_way"]]


def test_every_case_ends_well_nothing_is_left_and_the_ledger_is_verified(played):
    assert played.summary["cases_failed"] == []
    assert played.exit_code == 0, played.output
    assert "Verified: " in played.output
    assert played.summary["queues"] == {"ready": 0, "unacknowledged": 0, "dead": 0}
    assert played.summary["outbox_pending"] == 0


def test_the_figures_are_those_of_the_file_however_much_was_disputed(played):
    figures = expected(played.cases)

    assert {name: played.summary[name] for name in figures} == figures
    spent = played.summary["spent_pence"]
    assert sum(spent.values()) == spent_pence(played.cases)
    for funder, pence in spent.items():
        drift = abs(pence - exactly_spent(played.cases, funder))
        assert drift < max(1, most_drift_pence(played.cases))


def test_everything_that_did_not_go_smoothly_is_counted(played):
    assert played.summary["along_the_way"] == {
        "identity_questions": 3,
        "people_merged": 3,
        "referrals_refused": 5,  # three of them second referrals of one person
        "consents_withdrawn": 3,
        "worker_changes": 3,
        "worker_changes_agreed": 3,
        "disputes": 2,
        "disputes_settled": 2,
        "signed_by_representatives": 2,
        "signatures_voided": 6,
        "plans_returned": 2,
        "plans_refused": 2,
        "panels_asked": 2,
        "appeals": 4,
        "appeals_upheld": 4,
        "complaints": 2,
        "complaints_answered": 2,
        "reductions_held_up": 2,
        "statements_shown": 2,
    }


@pytest.mark.parametrize("case_ref", TRAILS)
def test_each_rung_that_was_asked_is_on_the_trail_with_who_and_why(played, case_ref):
    trail = case_of(played, case_ref)["plan"]["decision_trail"]

    assert [(step["version"], step["rung"], step["outcome"]) for step in trail] == TRAILS[case_ref]
    assert all(step["decider_id"] and step["reasons"] and step["due_on"] for step in trail)
    for version in {step["version"] for step in trail}:
        deciders = [step["decider_id"] for step in trail if step["version"] == version]
        assert len(set(deciders)) == len(deciders)


def test_two_referrals_of_one_person_are_one_record_with_one_open_case(played):
    for case_ref in having(played, "referred_by_both"):
        known = played.known(case_ref)
        person = case_of(played, case_ref)["person"]
        other = played.caller.query("assessment.case", {"referral_id": known["other_referral_id"]})
        assert person["person_id"] == other["person"]["person_id"] == known["person_id"]
        assert person["also_known_by"] == [known["other_person_id"]]
        assert other["referral"]["outcome"] == "refused"


def test_who_appealed_was_heard_by_somebody_who_had_no_hand_in_it(played):
    for word in ("referral_refused_and_appealed", "plan_refused_and_appealed"):
        for case_ref in having(played, word):
            case = case_of(played, case_ref)
            steps = (case["plan"] or {"decision_trail": []})["decision_trail"]
            first = {one["decider_id"] for one in (*steps, *case["refusals"])}
            for appeal in case["appeals"]:
                assert (appeal["state"], appeal["is_reopened"]) == ("upheld", True)
                assert appeal["decider_id"] not in first


def test_a_dispute_leaves_the_amount_as_it_was_and_is_settled_as_the_file_shares(played):
    shares = {case["case_ref"]: case["budget"] for case in played.cases if case["budget"]}
    for case_ref in having(played, "split_disputed"):
        (dispute,) = case_of(played, case_ref)["disputes"]["disputes"]
        assert dispute["state"] == "settled"
        assert dispute["shares"] == shares[case_ref]["shares_basis_points"]


def test_nothing_fell_before_it_was_explained_and_then_it_did(played):
    for case_ref in having(played, "reduction_needs_statement"):
        case = case_of(played, case_ref)
        (blocked,) = case["preventive_effects"]["blocked"]
        (statement,) = case["preventive_effects"]["statements"]
        assert blocked["asked_pence"] < blocked["standing_pence"]
        assert case["indicative_budget"]["total_pence"] <= blocked["asked_pence"]
        assert statement["domains"] == blocked["domains"]
        assert statement["shown_on"]


def test_a_complaint_is_read_by_the_person_alone_of_those_on_the_case(played):
    for case_ref in having(played, "complaint_made"):
        known = played.known(case_ref)
        asked = {
            "complaint_id": known["complaint_id"],
            "reader_id": known["person_id"],
            "reader_role": "person",
        }
        read = played.caller.query("assessment.complaint", asked)
        assert read["state"] == "answered"
        assert read["words"] not in page_of(played, case_ref)
        assert read["answer"] not in page_of(played, case_ref)


def test_all_that_was_sent_arrived(played):
    for case in played.cases:
        known = played.known(case["case_ref"])
        for person_id in {known["person_id"], known.get("other_person_id", known["person_id"])}:
            sent = played.caller.query("notifications.messages", {"person_id": person_id})
            assert sent
            assert {one["state"] for one in sent} == {"delivered"}


@pytest.mark.parametrize("case", cases_of(FILE), ids=lambda case: case["case_ref"])
def test_the_page_of_a_case_says_what_did_not_go_smoothly(played, case):
    shown = page_of(played, case["case_ref"])

    for word in case["along_the_way"]:
        assert [said for said in SAID[word] if said.casefold() not in shown.casefold()] == []
    assert "somebody not known here" not in shown
