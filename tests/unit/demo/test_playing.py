"""A case's way, step by step, with services that answer from a script."""

from collections import Counter

import pytest

from clients.edge import RefusedError
from demo.clients import Authorisation
from demo.playing import assessing, deciding
from demo.playing.play import CaseFailedError
from demo.playing.story import play_case
from demo.progress import expected
from demo.staff import BROKER, CARE_COORDINATOR, TEAM_MANAGER
from tests.unit.demo.lines import a_case, small_cases, who_declines
from tests.unit.demo.scripted import SHA, a_play


def test_a_case_goes_from_referral_to_refund_in_order():
    play = a_play(small_cases()["MP-0168"])

    play_case(play)

    assert play.caller.operations() == [
        "assessment.receive_referral",
        *["assessment.assign_team_member"] * 3,
        "assessment.record_discussion",
        *["assessment.record_offer"] * 3,
        "assessment.book_assessment",
        *["assessment.contribute.v1"] * 2,
        "assessment.offer_budget",
        "assessment.draft_plan",
        "assessment.record_interview",
        "assessment.submit_plan",
        *["assessment.sign_plan"] * 3,
        "assessment.decide_plan",
        "budget.record_agreement",
        *["contribution.commit.v2"] * 2,
        *["budget.receive_contribution"] * 3,
        "payments.request_purchase",
        "payments.attach_receipt",
    ]
    assert play.shops.refunded == [("ipi_iauth_1", 279_80)]


@pytest.mark.parametrize("case_ref", sorted(small_cases()))
def test_progress_ends_where_it_was_expected_to(case_ref):
    play = a_play(small_cases()[case_ref])

    play_case(play)

    taken = {stage: steps for stage, steps in expected([play.case]).items() if steps}
    assert Counter(play.shown.steps) == taken


def test_who_declines_a_budget_is_assessed_and_buys_nothing():
    play = a_play(who_declines())

    play_case(play)

    assert play.caller.operations()[-2:] == ["assessment.offer_budget", "assessment.decline_budget"]
    assert not any(told.startswith(("budget.", "payments.")) for told in play.caller.operations())
    assert {name for name in play.known if not name.startswith("message/")} == {
        "referral_id",
        "person_id",
    }


def test_the_person_goes_out_as_the_file_has_them_with_a_street():
    case = a_case()
    case["referral"]["organisation"] = "council"
    case["person"]["given_name"] = "Zoë <b>O'Brien</b> 🌻"
    play = a_play(case)

    assessing.assess(play)

    (referral,) = play.caller.requests("referral.submit.v1")
    assert referral["person"]["given_name"] == "Zoë <b>O'Brien</b> 🌻"
    assert referral["person"]["address_lines"] == ["1 Example Street", "Exampleton", "ZZ99 3VZ"]
    assert "postcode" not in referral["person"]


def test_what_matters_to_the_person_goes_with_the_first_contribution():
    play = a_play()

    assessing.assess(play)

    first, second = play.caller.requests("assessment.contribute.v1")
    assert first["whole_life"] == play.case.assessment["whole_life"]
    assert second["whole_life"] is None


def test_a_repeated_run_of_a_case_uses_the_same_ids_and_no_id_twice():
    plays = [a_play(), a_play()]

    for play in plays:
        play_case(play)

    once, again = (play.caller.command_ids for play in plays)
    assert once == again
    assert len(set(once)) == len(once)


def test_all_three_sign_the_same_content_and_only_the_coordinator_says_how_they_feel():
    play = a_play(small_cases()["MP-0168"])

    play_case(play)

    signed = play.caller.requests("assessment.sign_plan")
    doers = play.caller.doers("assessment.sign_plan")
    assert doers == [play.holder, BROKER, CARE_COORDINATOR]
    assert {(sign["plan_id"], sign["version"], sign["content_sha256"]) for sign in signed} == {
        (play.known["plan_id"], 1, SHA)
    }
    assert [sign.get("is_comfortable") for sign in signed] == [None, None, False]
    assert [sign.get("worry") for sign in signed] == [None, None, "Is this really health spending?"]


@pytest.mark.parametrize("decider", [CARE_COORDINATOR, TEAM_MANAGER])
def test_whoever_stands_on_the_rung_decides(decider):
    play = a_play(assessment__sign_plan={"decision_rung": decider.role})

    play_case(play)

    (decision,) = play.caller.requests("assessment.decide_plan")
    assert (decision["rung"], decision["outcome"]) == (decider.role, "approve")
    assert play.caller.doers("assessment.decide_plan") == [decider]


def test_a_rung_that_nobody_stands_on_fails_the_case():
    play = a_play(assessment__sign_plan={"decision_rung": "the_moon"})

    with pytest.raises(CaseFailedError, match="the_moon"):
        play_case(play)


def costing(pence):
    case = small_cases()["MP-0168"]
    (item,) = case["support_plan"]["items"]
    item["unit_cost_pence"] = pence
    return case


@pytest.mark.parametrize(("indicative_pence", "is_said"), [(400_00, True), (400_01, False)])
def test_the_reasons_say_so_when_the_plan_costs_more_than_indicated(indicative_pence, is_said):
    plan = a_play(costing(400_01)).case.support_plan

    said = deciding.reasons(plan=plan, indicative_pence=indicative_pence, worry=None)

    assert ("£400.01, more than the indicative amount of £400.00" in said) == is_said


def test_a_worry_is_answered_in_the_reasons():
    plan = a_play().case.support_plan

    assert "“Why?”" in deciding.reasons(plan=plan, indicative_pence=2, worry="Why?")


def test_a_declined_crisis_plan_is_sent_with_its_reason_and_becomes_a_rapid_review():
    play = a_play(small_cases()["MP-0050"])

    play_case(play)

    (draft,) = play.caller.requests("assessment.draft_plan")
    assert draft["crisis_plan"] is None
    assert draft["crisis_plan_declined_because"] == "Not ready to think about it yet"
    assert play.caller.doers("assessment.request_review") == [play.holder]
    (meeting,) = play.caller.requests("assessment.hold_review")
    assert {one["goal"] for one in meeting["goals"]} == {one["words"] for one in draft["goals"]}


def test_a_plan_has_each_goal_once_and_each_item_serves_one():
    play = a_play(small_cases()["MP-0170"])

    play_case(play)

    (draft,) = play.caller.requests("assessment.draft_plan")
    words = {goal["goal_id"]: goal["words"] for goal in draft["goals"]}
    assert len(set(words.values())) == len(draft["goals"])
    served = [words[item["goal_ids"][0]] for item in draft["items"]]
    assert served == [item.goal for item in play.case.support_plan.items]
    assert {item["part_id"] for item in draft["items"]} == {
        part["part_id"] for part in draft["parts"]
    }
    (interview,) = play.caller.requests("assessment.record_interview")
    assert interview["held_on"] == play.case.referral["received_on"]


def test_an_agreed_crisis_plan_is_activated():
    play = a_play(small_cases()["MP-0003"])

    play_case(play)

    assert play.caller.doers("assessment.activate_crisis_plan") == [play.holder]
    (over,) = play.caller.requests("assessment.stand_down_crisis_plan", by=play.holder)
    assert over["crisis_id"] == play.known["crisis_id"]


def test_everybody_who_is_called_pays_in_and_the_person_is_assessed_for_a_year():
    play = a_play()

    play_case(play)

    (report,) = play.caller.requests("budget.report_financial_assessment")
    assert (report["weekly_contribution_pence"], report["weeks"]) == (1000, 52)
    received = play.caller.requests("budget.receive_contribution")
    assert [(one["funder_id"], one["amount_pence"]) for one in received] == [
        ("nhs-1", 60),
        ("council-1", 30),
        ("person-1", 10),
    ]


def test_each_funder_commits_what_it_was_called_for_before_the_money_comes():
    play = a_play()

    play_case(play)

    committed = play.caller.requests("contribution.commit.v2")
    assert [(one["contribution_id"], one["amount_pence"]) for one in committed] == [
        ("c1", 60),
        ("c2", 30),
    ]
    assert {one["source"] for one in committed} == {"pooled_s75"}
    assert play.caller.doers("contribution.commit.v2") == ["nhs-trust", "council"]
    operations = play.caller.operations()
    assert operations.index("contribution.commit.v2") < operations.index(
        "budget.receive_contribution"
    )


def test_half_the_trusts_cases_come_by_mesh_and_all_the_councils_by_amqp():
    ways = Counter()
    for number in range(100):
        play = a_play(a_case(f"MP-{number:04}"))
        assessing.assess(play)
        (of_trust,) = {way for who, way in play.caller.ways if who == "nhs-trust"}
        (of_council,) = {way for who, way in play.caller.ways if who == "council"}
        ways[of_trust, of_council] += 1

    assert ways == {("mesh", "amqp"): 50, ("amqp", "amqp"): 50}


def test_a_broker_refers_by_the_front_door():
    case = a_case()
    case["referral"]["organisation"] = "voluntary-broker"
    play = a_play(case)

    assessing.assess(play)

    assert play.caller.doers("assessment.receive_referral") == [BROKER]
    assert play.caller.requests("referral.submit.v1") == []


def test_under_which_id_a_message_was_sent_is_kept():
    case = a_case()
    case["referral"]["organisation"] = "council"
    play = a_play(case)

    play_case(play)

    kept = {name: id_ for name, id_ in play.known.items() if name.startswith("message/")}
    assert set(kept) == {
        "message/council/referral.submit.v1",
        "message/nhs-trust/assessment.contribute.v1/0",
        "message/council/assessment.contribute.v1/1",
        "message/nhs-trust/contribution.commit.v2",
        "message/council/contribution.commit.v2",
    }
    assert set(kept.values()) <= set(map(str, play.caller.command_ids))


def test_a_budget_that_stays_inactive_fails_the_case():
    play = a_play(budget__receive_contribution={"is_active": False})

    with pytest.raises(CaseFailedError, match="not active"):
        play_case(play)


def test_somebody_tries_the_first_card_at_a_betting_shop_first_and_once():
    case = small_cases()["MP-0050"]
    play = a_play({**case, "afterwards": ["card_declined_wrong_merchant"]})

    play_case(play)

    codes = [code for _, code, _ in play.shops.asked]
    assert codes[0] == "7995"
    assert codes.count("7995") == 1
    assert len(codes) == 5


def test_a_betting_shop_that_takes_the_card_fails_the_case(monkeypatch):
    monkeypatch.setattr("demo.playing.afterwards.BETTING_SHOP_CODE", "5732")

    with pytest.raises(CaseFailedError, match="betting shop"):
        play_case(a_play(small_cases()["MP-0043"]))


def test_the_first_purchase_of_the_first_card_item_is_refunded_after_all_purchases():
    play = a_play()

    play_case(play)

    first_card_item = next(item for item in play.case.support_plan.items if item.rail == "card")
    assert play.shops.refunded == [("ipi_iauth_1", first_card_item.unit_cost_pence)]
    assert len(play.caller.requests("payments.request_purchase")) == 62
    assert len(play.caller.requests("payments.record_invoice")) == 6


def test_each_occurrence_is_a_purchase_of_its_own():
    play = a_play()

    play_case(play)

    receipts = play.caller.requests("payments.attach_receipt")
    invoices = play.caller.requests("payments.record_invoice")
    bought = [one["purchase_id"] for one in (*receipts, *invoices)]
    assert len(set(bought)) == len(bought)


def test_what_is_above_the_brokers_limit_is_approved_by_the_team_manager():
    play = a_play()
    play.caller.asked_state = "awaiting_approval"

    play_case(play)

    asked = play.caller.requests("payments.request_purchase")
    approved = play.caller.requests("payments.approve_purchase", by=TEAM_MANAGER)
    assert len({one["purchase_id"] for one in approved}) == len(asked)


def test_a_refused_purchase_fails_the_case_with_the_reason():
    refusal = {"code": "insufficient_funds", "reason": "There is not enough money."}
    play = a_play(payments__purchase={"state": "refused", "refusal": refusal})

    with pytest.raises(CaseFailedError, match=r"refused: insufficient_funds: There is not"):
        play_case(play)


def test_a_refused_command_ends_the_case():
    refusal = {"code": "plan_changed", "message": "No.", "next_step": "Sign again.", "details": {}}
    play = a_play(assessment__submit_plan=RefusedError(refusal))

    with pytest.raises(RefusedError):
        play_case(play)

    assert play.caller.operations()[-1] == "assessment.submit_plan"


def test_waiting_ends_with_patience():
    play = a_play(payments__purchase={"state": "asked_for"})

    with pytest.raises(CaseFailedError, match="'asked_for' after 0 s"):
        play.wait_for(
            "payments.purchase",
            {"purchase_id": "purchase-1"},
            by=BROKER,
            what="x",
            until=lambda _: False,
            patience_seconds=0,
        )


def test_a_declined_card_fails_the_case(monkeypatch):
    play = a_play(small_cases()["MP-0168"])
    declined = Authorisation(authorisation_id="iauth_1", is_approved=False)
    monkeypatch.setattr(play.shops, "authorise", lambda **_: declined)

    with pytest.raises(CaseFailedError, match="the card was declined"):
        play_case(play)


def test_what_the_case_files_do_not_hold_is_left_open_or_said_to_be_made_up():
    play = a_play()

    assessing.assess(play)

    first, _ = play.caller.requests("assessment.contribute.v1")
    assert first["questionnaire"] == "joint-2026-1"
    assert first["as_of"].endswith("T12:00:00+00:00")
    assert first["in_the_room"] == ["person", "care_coordinator"]
    assert first["domains"][0]["present_support"] == []


@pytest.mark.parametrize(("basis", "weekly"), [("care_act", 5_00), ("section_117", 0)])
def test_a_contribution_counts_only_where_the_council_may_charge(basis, weekly):
    case = a_case()
    case["referral"]["basis"] = basis
    case["budget"]["person_contribution_weekly_pence"] = 5_00
    play = a_play(case)

    assessing.assess(play)

    (offer,) = play.caller.requests("assessment.offer_budget")
    assert offer["weekly_contribution_pence"] == weekly
