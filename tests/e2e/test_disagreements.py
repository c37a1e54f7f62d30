"""Cases in which people disagree, played to their end and looked at from outside."""

from datetime import date, datetime, timedelta

import pytest

from demo.partner_systems import CODES, MESSAGE
from demo.showing import page
from deploy.local.stack import Stack
from tests.e2e.conftest import CHECKOUT, cases_of, playing
from tests.e2e.expected import (
    cost,
    exactly_spent,
    expected,
    most_drift_pence,
    refunded_item,
    spent_pence,
)

pytestmark = pytest.mark.prove

STACK = "test-disagreements"
ENDED = ("moved_away", "died", "death_taken_back")
FILE = "disagreements.jsonl"
WAYS = {"amqp", "mesh"}
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
    **{f"MD-00{number}": [(1, COORDINATOR, "approve")] for number in range(11, 17)},
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
    "amount_appealed": ["the amount before stood.", "The amount is open again"],
    "crisis_prolonged": ["Prolonged by the worker on", "The crisis was over on"],
    "admitted_and_discharged": ["In hospital from", "moved because of the discharge."],
    "moved_away": [
        "to the area of Exampleshire Council",
        "The case is closed.",
        "given to the per",
    ],
    "died": ["Who looks after what they left:", "The case is closed.", "or for the estate."],
    "death_taken_back": ["Somebody of the same name", "That death was taken back.", "Posted on"],
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


def of_budget(played, case_ref, query):
    return played.caller.query(query, {"budget_id": played.known(case_ref)["budget_id"]})


def repayment_of(played, case_ref):
    (repayment,) = of_budget(played, case_ref, "budget.repayments")
    return repayment


def left_pence(played, case_ref):
    closing = of_budget(played, case_ref, "budget.closing_statement")
    return sum(funder["left_pence"] for funder in closing["funders"])


def messages_to(played, case_ref):
    asked = {"person_id": played.known(case_ref)["person_id"]}
    return played.caller.query("notifications.messages", asked)


def topics_after(played, case_ref, instant):
    return [one["topic"] for one in messages_to(played, case_ref) if one["created_at"] > instant]


def test_every_case_ends_well_nothing_is_left_and_the_ledger_is_verified(played):
    assert played.summary["cases_failed"] == []
    assert played.exit_code == 0, played.output
    assert "Verified: " in played.output
    assert played.summary["queues"] == {"ready": 0, "unacknowledged": 0, "dead": 0}
    assert played.summary["outbox_pending"] == 0


def test_the_figures_are_those_of_the_file_however_much_was_disputed(played):
    figures = expected(played.cases)

    # What people had paid in themselves and went back when their budget had ended is theirs again.
    figures["person_contribution_pence"] -= sum(
        line["to_person_pence"]
        for word in ENDED
        for case_ref in having(played, word)
        for line in repayment_of(played, case_ref)["lines"]
    )
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
        "appeals": 5,
        "appeals_upheld": 5,
        "amounts_appealed": 1,
        "complaints": 2,
        "complaints_answered": 2,
        "reductions_held_up": 3,
        "statements_shown": 3,
        "crises_prolonged": 1,
        "admissions": 1,
        "discharges": 1,
        "moves": 1,
        "deaths": 2,
        "deaths_taken_back": 1,
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
        if case_ref not in having(played, "amount_appealed"):
            assert case["indicative_budget"]["total_pence"] <= blocked["asked_pence"]
        assert statement["domains"] == blocked["domains"]
        assert statement["shown_on"]


def test_a_lower_amount_that_was_appealed_against_is_as_it_was_before(played):
    for case_ref in having(played, "amount_appealed"):
        case = case_of(played, case_ref)
        (blocked,) = case["preventive_effects"]["blocked"]
        (appeal,) = case["appeals"]
        assert (appeal["amount_version"], appeal["state"], appeal["is_reopened"]) == (
            2,
            "upheld",
            True,
        )
        team = {one["staff_id"] for one in case["person"]["care_team"]}  # one of it wrote why
        assert appeal["decider_id"] not in team
        assert case["indicative_budget"]["total_pence"] == blocked["standing_pence"]
        waits = waiting_for(played, case_ref)
        assert not waits & {"appeal", "amount_anew", "amount_told"}


def waiting_for(played, case_ref):
    asked = {"referral_id": played.known(case_ref)["referral_id"]}
    return {one["stage"] for one in played.caller.query("assessment.where_is_it", asked)}


def test_a_crisis_that_was_prolonged_keeps_its_reserve_beyond_the_day_of_its_end(played):
    for case_ref in having(played, "crisis_prolonged"):
        (crisis,) = case_of(played, case_ref)["crises"]
        (prolonged,) = crisis["prolonged"]
        reserve = of_budget(played, case_ref, "budget.crisis_reserve")
        (called,) = reserve["crises"]
        began, ended = (
            datetime.fromisoformat(called[at]) for at in ("activated_at", "stood_down_at")
        )
        assert ended - began > timedelta(days=28)  # it would have ended by itself
        assert date.fromisoformat(prolonged["hand_back_on"]) > ended.date()
        assert crisis["stood_down_by"] == "person"
        assert called["usable_pence"] == crisis["cap_pence"] > 0
        assert reserve["stands_pence"] == reserve["promised_pence"]
        told = [one["topic"] for one in messages_to(played, case_ref)]
        assert told.count("crisis_plan_active") == 1


def test_a_stay_in_hospital_ends_no_budget_and_the_plan_is_looked_at_after_it(played):
    for case_ref in having(played, "admitted_and_discharged"):
        case = case_of(played, case_ref)
        admission, discharge = case["life_events"]
        (review,) = (one for one in case["reviews"] if one["closed_at"] is None)
        home_on = date.fromisoformat(discharge["happened_on"])
        assert home_on - date.fromisoformat(admission["happened_on"]) == timedelta(weeks=3)
        assert review["moved_because"] == "discharge"
        assert date.fromisoformat(review["due_on"]) <= home_on + timedelta(weeks=2)
        assert of_budget(played, case_ref, "budget.statement")["state"] == "active"
        assert of_budget(played, case_ref, "budget.closing_statement")["ends_on"] is None


@pytest.mark.parametrize(
    ("word", "types", "by"),
    [
        ("admitted_and_discharged", {"admission.notify.v1", "discharge.notify.v1"}, {"mesh"}),
        ("died", {"death.notify.v1"}, WAYS),
        ("death_taken_back", {"death.withdraw.v1"}, WAYS),
        ("consent_withdrawn_and_given_again", {"consent.withdraw.v1", "consent.record.v1"}, WAYS),
        ("split_disputed", {"assessment.dispute.v1"}, {"amqp"}),
    ],
)
def test_what_a_partner_knows_first_comes_from_its_own_system(played, word, types, by):
    for case_ref in having(played, word):
        known = {name: id_ for name, id_ in played.known(case_ref).items() if MESSAGE in name}
        came = [
            played.caller.query(
                "partners.message", {"partner": CODES[name.split("/")[1]], "message_id": id_}
            )
            for name, id_ in known.items()
        ]
        theirs = [one for one in came if one["message_type"] in types]
        assert {one["message_type"] for one in theirs} == types
        assert {one["state"] for one in theirs} == {"accepted"}
        assert {one["transport"] for one in theirs} <= by


def test_nothing_is_written_to_somebody_who_has_died(played):
    for case_ref in having(played, "died"):
        case = case_of(played, case_ref)
        (death,) = case["life_events"]
        assert case["referral"]["outcome"] == "closed"
        assert waiting_for(played, case_ref) == set()
        assert messages_to(played, case_ref)
        assert topics_after(played, case_ref, death["recorded_at"]) == []
        # And there was something to tell: a shop took something back, and notice was given.
        bought = of_budget(played, case_ref, "payments.purchases")
        assert "refunded" in {one["state"] for one in bought}
        assert repayment_of(played, case_ref)["addressee"] == "representative"


def test_a_budget_ends_with_a_death_or_a_move_and_what_is_left_goes_back(played):
    reasons = {"died": "died", "moved_away": "moved", "death_taken_back": "died"}
    for word in ENDED:
        for case_ref in having(played, word):
            (case,) = (one for one in played.cases if one["case_ref"] == case_ref)
            happened = case_of(played, case_ref)["life_events"][0]
            closing = of_budget(played, case_ref, "budget.closing_statement")
            assert (closing["reason"], closing["ends_on"]) == (
                reasons[word],
                happened["happened_on"],
            )
            repayment = repayment_of(played, case_ref)
            assert repayment["state"] == "posted"
            assert repayment["amount_pence"] == cost(refunded_item(case))
            assert left_pence(played, case_ref) == 0


def test_who_moves_is_written_to_and_has_a_closed_case_from_the_day_on(played):
    for case_ref in having(played, "moved_away"):
        case = case_of(played, case_ref)
        (move,) = case["life_events"]
        assert (case["referral"]["outcome"], move["whereabouts"]) == ("closed", "moved")
        bought = [one["state"] for one in of_budget(played, case_ref, "payments.purchases")]
        assert bought.count("completed") == 3  # after the move was known, and before the day
        assert "repayment_notified" in topics_after(played, case_ref, move["happened_on"])


def test_who_was_taken_for_dead_is_told_things_again(played):
    for case_ref in having(played, "death_taken_back"):
        case = case_of(played, case_ref)
        _death, correction = case["life_events"]
        told = topics_after(played, case_ref, correction["recorded_at"])
        assert {"refund", "repayment_notified"} <= set(told)
        assert repayment_of(played, case_ref)["addressee"] == "person"
        closing = of_budget(played, case_ref, "budget.closing_statement")
        assert closing["is_death_taken_back"]
        assert (case["referral"]["outcome"], case["plan"]["budget_id"]) == ("agreed", None)
        assert waiting_for(played, case_ref) == {"review"}  # the one that the rules ask for


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
