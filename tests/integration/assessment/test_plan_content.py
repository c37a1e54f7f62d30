"""What a plan must hold, and what changed in it."""

from uuid import uuid4

import pytest

from services.assessment.support_plans import queries
from services.assessment.support_plans.models import PlanVersion
from services.assessment.support_plans.rules import content_sha256
from tests.integration.assessment.planning import (
    GOAL_ID,
    OTHER_GOAL_ID,
    PART_ID,
    a_crisis_plan,
    a_part,
    a_plan,
    an_interview,
    an_item,
    without_money,
)

SERVES_ANOTHER_GOAL = (
    "The goals of the item “Drumming lesson” changed from"
    " “Regain confidence in interacting with people” to"
    " “Regain confidence in interacting with people” and “Be organised and in control”."
)


@pytest.fixture
def offered(desk):
    return desk.offered()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"items": [an_item(goal_ids=[str(uuid4())])]}, "goal_unknown"),
        ({"items": [an_item(part_id=str(uuid4()))]}, "part_unknown"),
        ({"items": [an_item(category="Gambling")]}, "excluded_by_rule"),
        ({"items": [an_item(merchant_category_code="7995")]}, "excluded_by_rule"),
        ({"parts": [a_part(mode="direct")]}, "mode_does_not_fit_control_level"),
        ({"crisis_plan": a_crisis_plan(cap_pence=202_30)}, "crisis_cap_above_reserve"),
        (
            {
                "parts": [a_part(mode="direct", control_level=4)],
                "crisis_plan": a_crisis_plan(substitute_manager=None),
            },
            "substitute_manager_missing",
        ),
        (
            {"wanted_but_unavailable": [{"wanted": "x", "because": "y", "goal_id": str(uuid4())}]},
            "goal_unknown",
        ),
    ],
)
def test_what_cannot_be_in_a_plan_is_refused_with_the_field(desk, offered, changes, code):
    refusal = desk.refused("draft_plan", **a_plan(offered["referral_id"], **changes))

    assert refusal["code"] == code
    assert refusal["details"]["field"]
    assert refusal["next_step"]


def test_an_exclusion_names_its_rule_and_where_it_stands(desk, offered):
    items = [an_item(merchant_category_code="5993")]

    refusal = desk.refused("draft_plan", **a_plan(offered["referral_id"], items=items))

    assert refusal["details"]["rule"] == "tobacco"
    assert "to be confirmed" in refusal["details"]["source"]


@pytest.mark.parametrize("twice", ["goals", "parts", "items", "six_features"])
def test_what_is_in_a_plan_is_in_it_once(desk, offered, twice):
    plan = a_plan(offered["referral_id"])
    plan[twice] = [plan[twice][0]] * (6 if twice == "six_features" else 2)

    assert twice in desk.refused("draft_plan", **plan)["details"]


def test_a_reader_finds_everything_that_was_planned(desk):
    case = desk.submitted()

    shown = desk.case(case.referral_id)["plan"]

    assert shown["goals"][0]["words"] == "Regain confidence in interacting with people"
    assert shown["items"][0]["goal_ids"] == [GOAL_ID]
    assert shown["preferences"]["worker"] == "Somebody who has had a stroke, too"
    assert shown["risk_of_doing_nothing"] == "I stay at home and get lonelier"
    assert shown["wanted_but_unavailable"][0]["because"] == "None meets in the evening"
    assert shown["crisis_plan"]["cap_pence"] == 100_00
    assert len(shown["six_features"]) == 6
    assert shown["interviews"][0]["person_words"] == "I want to be among people again"


def test_what_is_kept_is_what_was_signed(desk, transaction):
    case = desk.submitted()

    with transaction() as session:
        version = session.get_one(PlanVersion, (case.plan_id, 1))
        content = queries.content(version, session=session)
        ids = {"plan_id": case.plan_id, "referral_id": case.referral_id}

        assert content_sha256(ids | content) == version.content_sha256


def test_a_plan_is_not_submitted_before_its_interview(desk, offered):
    team = desk.a_team(offered["person_id"])
    drafted = desk.ask("draft_plan", **a_plan(offered["referral_id"]))
    submit = {"plan_id": drafted["plan_id"], "version": 1}

    refusal = desk.refused("submit_plan", **submit)
    desk.interview(offered["referral_id"], team["broker"])
    desk.ask("submit_plan", **submit)

    assert refusal["code"] == "interview_missing"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": "2026-11-25"}, "date_in_future"),
        ({"broker_id": str(uuid4())}, "interviewer_not_broker"),
        ({"mode": "by_letter"}, "invalid_request"),
        ({"person_words": " "}, "invalid_request"),
        ({"referral_id": str(uuid4())}, "not_known_yet"),
    ],
)
def test_what_is_no_interview_is_not_recorded(desk, offered, changes, code):
    team = desk.a_team(offered["person_id"])
    request = an_interview(offered["referral_id"], team["broker"]) | changes

    assert desk.refused("record_interview", **request)["code"] == code


def test_an_interview_is_recorded_once(desk, offered):
    team = desk.a_team(offered["person_id"])
    request = an_interview(offered["referral_id"], team["broker"])

    for _ in range(2):
        desk.ask("record_interview", **request)

    assert len(desk.everything()["interviews"]) == 1
    other = desk.refused("record_interview", **request | {"place": "at the clinic"})
    assert other["code"] == "id_reused"


def test_a_plan_may_have_no_money_in_it(desk):
    case = desk.signed(**without_money())

    decided = desk.decide(case, "care_coordinator")

    assert decided["budget_id"] is None
    assert desk.told("plan_approved") == []
    (told,) = desk.told("plan_without_money_approved")
    assert (told["plan_id"], told["decided_by_rung"]) == (case.plan_id, "care_coordinator")
    shown = desk.case(case.referral_id)["plan"]
    assert (shown["state"], shown["approved_version"]) == ("approved", 1)
    assert desk.case(case.referral_id)["referral"]["outcome"] == "agreed"


def test_a_plan_without_money_can_get_some_later(desk):
    case = desk.signed(**without_money())
    desk.decide(case, "care_coordinator")
    desk.drafted_again(case)
    for role in ("person", "broker", "care_coordinator"):
        desk.sign(case, role)

    assert desk.decide(case, "care_coordinator")["budget_id"] is not None


def test_a_budget_in_use_does_not_end_by_an_edit(desk):
    case = desk.approved()

    request = a_plan(case.referral_id, plan_id=case.plan_id, **without_money())

    assert desk.refused("draft_plan", **request)["code"] == "budget_in_use"


def test_what_changed_between_two_versions_can_be_read(desk):
    item, part = an_item(), a_part()
    case = desk.submitted(items=[item], parts=[part])
    cheaper = item | {"unit_cost_pence": 15_00, "goal_ids": [GOAL_ID, OTHER_GOAL_ID]}
    kit = an_item(description="Drum kit", occurrences=1)
    desk.drafted_again(
        case,
        items=[cheaper, kit],
        parts=[part | {"control_level": 3}],
        crisis_plan=a_crisis_plan(hinders=None),
        risks=[],
    )

    difference = desk.ask("plan_difference", **{"plan_id": case.plan_id, "from": 1, "to": 2})

    words = [change["words"] for change in difference["changes"]]
    assert words == [
        "The control level of the part of the budget “Music” changed from 2 to 3.",
        SERVES_ANOTHER_GOAL,
        "The price of one of the item “Drumming lesson” changed from £17.00 to £15.00.",
        "The item “Drum kit” was added.",
        "The risk “I may overdo it” was taken out.",
        "Crisis plan: hinders changed from “Being told to pull myself together” to nothing.",
    ]
    assert difference["changes"][2]["field"] == "items.unit_cost_pence"
    assert (difference["changes"][2]["before"], difference["changes"][2]["after"]) == (1700, 1500)
    same = desk.ask("plan_difference", **{"plan_id": case.plan_id, "from": 2, "to": 2})
    assert same["changes"] == []


@pytest.mark.parametrize(("earlier", "later"), [(1, 2), (2, 1)])
def test_there_is_no_difference_to_a_version_that_is_not_there(desk, earlier, later):
    case = desk.submitted()

    request = {"plan_id": case.plan_id, "from": earlier, "to": later}

    assert desk.refused("plan_difference", **request)["code"] == "not_found"


def test_how_much_a_person_runs_themselves_moves_both_ways_and_is_kept(desk):
    case = desk.submitted(parts=[a_part(control_level=1)])
    for level in (1, 3, 0):
        desk.drafted_again(case, parts=[a_part(control_level=level)])

    history = desk.case(case.referral_id)["plan"]["control_levels"]

    moves = [(one["control_level"], one["since_version"]) for one in history]
    assert moves == [(1, 1), (3, 3), (0, 4)]
    assert {one["part_id"] for one in history} == {PART_ID}
