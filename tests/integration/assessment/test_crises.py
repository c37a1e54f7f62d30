"""A crisis plan in force: who may say so, up to what, and how it ends."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.assessment.crisis import handlers, queries
from tests.factories import TUESDAY_AT_TEN
from tests.integration.assessment.desk import a_crisis, an_item


def a_small_plan(**changes):
    return {"items": [an_item(unit_cost_pence=100_00, occurrences=4)]} | changes


@pytest.fixture
def case(desk):
    return desk.approved(**a_small_plan())


@pytest.mark.parametrize("who", ["person", "nominee", "worker", "partner"])
def test_anybody_on_the_case_puts_a_crisis_plan_in_force_once(desk, case, who):
    crisis = a_crisis(case, activated_by=who)

    answers = [desk.ask("activate_crisis_plan", **crisis) for _ in range(2)]

    assert answers[0] == answers[1]
    (told,) = desk.told("crisis_plan_activated")
    assert (told["crisis_id"], told["version"]) == (crisis["crisis_id"], 1)
    assert told["substitute_manager"] == "brother"
    assert told["budget_id"] == desk.case(case.referral_id)["plan"]["budget_id"]
    (shown,) = desk.case(case.referral_id)["crises"]
    assert (shown["activated_by"], shown["stood_down_at"]) == (who, None)


def test_while_it_is_in_force_a_second_report_of_it_changes_nothing(desk, case):
    first = desk.ask("activate_crisis_plan", **a_crisis(case))

    second = desk.ask("activate_crisis_plan", **a_crisis(case, activated_by="partner"))

    assert second == first
    assert len(desk.told("crisis_plan_activated")) == 1


def test_a_crisis_may_use_as_much_as_the_plan_says(desk, case):
    answer = desk.ask("activate_crisis_plan", **a_crisis(case))

    crisis_plan = desk.case(case.referral_id)["plan"]["crisis_plan"]
    assert answer["cap_pence"] == crisis_plan["cap_pence"] > 0


def test_the_id_of_a_crisis_is_not_that_of_another(desk, case):
    crisis = a_crisis(case)
    desk.ask("activate_crisis_plan", **crisis)

    refusal = desk.refused("activate_crisis_plan", **crisis | {"happened": "Something else"})

    assert refusal["code"] == "id_reused"


@pytest.mark.parametrize("is_approved", [True, False])
def test_without_an_approved_crisis_plan_a_rapid_review_is_the_way(desk, is_approved):
    without = {"crisis_plan": None, "crisis_plan_declined_because": "I have one elsewhere"}
    case = desk.approved(**a_small_plan(**without)) if is_approved else desk.signed()

    refusal = desk.refused("activate_crisis_plan", **a_crisis(case))

    assert refusal["code"] == "no_crisis_plan"
    assert "rapid review" in refusal["next_step"]


def test_a_crisis_is_stood_down_once_and_the_next_one_is_another(desk, case):
    crisis = a_crisis(case)
    desk.ask("activate_crisis_plan", **crisis)
    over = {"crisis_id": crisis["crisis_id"], "stood_down_by": "person"}
    desk.at = TUESDAY_AT_TEN + timedelta(days=2)

    answers = [desk.ask("stand_down_crisis_plan", **over) for _ in range(2)]
    desk.ask("activate_crisis_plan", **a_crisis(case))

    assert answers[0] == answers[1]
    (told,) = desk.told("crisis_plan_stood_down")
    assert (told["crisis_id"], told["version"], told["ended_by"]) == (
        crisis["crisis_id"],
        2,
        "person",
    )
    assert len(desk.told("crisis_plan_activated")) == 2


def test_the_end_of_a_crisis_that_is_not_known_waits(desk):
    refusal = desk.refused("stand_down_crisis_plan", crisis_id=str(uuid4()), stood_down_by="person")

    assert refusal["code"] == "not_known_yet"


def test_somebody_unknown_does_not_put_a_crisis_plan_in_force(desk, case):
    refusal = desk.refused("activate_crisis_plan", **a_crisis(case, activated_by="passer-by"))

    assert refusal["code"] == "invalid_request"
    assert "activated_by" in str(refusal["details"])


def test_a_crisis_ends_by_itself_once_and_not_before_its_day(desk, case):
    desk.ask("activate_crisis_plan", **a_crisis(case))
    desk.at = TUESDAY_AT_TEN + timedelta(days=27)
    assert desk.strike(queries.over, handlers.hand_back) == 0

    desk.at = TUESDAY_AT_TEN + timedelta(days=28)
    with desk.transaction() as session:
        found_by_both = queries.over(desk.at, session=session)
    for _ in range(2):
        desk.strike(lambda *_, **__: found_by_both, handlers.hand_back)

    (told,) = desk.told("crisis_plan_stood_down")
    assert told["ended_by"] == "clock"
    stages = [one["stage"] for one in desk.ask("where_is_it", referral_id=case.referral_id)]
    assert "crisis_hand_back" not in stages


def test_the_day_of_hand_back_is_known_to_whoever_asks_where_it_is(desk, case):
    desk.ask("activate_crisis_plan", **a_crisis(case))

    found = desk.ask("where_is_it", referral_id=case.referral_id)
    (hand_back,) = (one for one in found if one["stage"] == "crisis_hand_back")
    assert (hand_back["role"], hand_back["due_on"]) == ("care_coordinator", "2026-12-22")


def a_prolongation(crisis, **changes):
    return {
        "prolongation_id": str(uuid4()),
        "crisis_id": crisis["crisis_id"],
        "prolonged_by": "nominee",
        "hand_back_on": "2027-01-05",
        "reason": "The ward keeps them over the new year.",
    } | changes


def test_a_crisis_is_prolonged_once_and_then_ends_by_itself_on_the_new_day(desk, case):
    crisis = a_crisis(case)
    begun = desk.ask("activate_crisis_plan", **crisis)
    desk.at = TUESDAY_AT_TEN + timedelta(days=20)
    longer = a_prolongation(crisis)

    answers = [desk.ask("prolong_crisis", **longer) for _ in range(2)]

    assert answers[0] == answers[1] == begun | {"hand_back_on": "2027-01-05"}
    first, again = desk.told("crisis_plan_activated")
    assert (first["version"], again["version"]) == (1, 2)
    assert (again["hand_back_on"], again["cap_pence"]) == ("2027-01-05", first["cap_pence"])
    assert again["activated_at"] == first["activated_at"]
    desk.at = TUESDAY_AT_TEN + timedelta(days=28)
    assert desk.strike(queries.over, handlers.hand_back) == 0
    desk.at = TUESDAY_AT_TEN + timedelta(days=42)
    assert desk.strike(queries.over, handlers.hand_back) == 1
    (over,) = desk.told("crisis_plan_stood_down")
    assert (over["version"], over["ended_by"]) == (3, "clock")
    (shown,) = desk.case(case.referral_id)["crises"]
    assert [one["reason"] for one in shown["prolonged"]] == [longer["reason"]]


def test_whoever_asks_where_it_is_hears_the_new_day_of_hand_back(desk, case):
    crisis = a_crisis(case)
    desk.ask("activate_crisis_plan", **crisis)
    desk.at = TUESDAY_AT_TEN + timedelta(days=20)
    desk.ask("prolong_crisis", **a_prolongation(crisis))

    found = desk.ask("where_is_it", referral_id=case.referral_id)

    (hand_back,) = (one for one in found if one["stage"] == "crisis_hand_back")
    assert hand_back["due_on"] == "2027-01-05"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"hand_back_on": "2026-12-22"}, "hand_back_day_wrong"),  # as it is set
        ({"hand_back_on": "2026-12-01"}, "hand_back_day_wrong"),
        ({"hand_back_on": "2027-01-12"}, "hand_back_day_wrong"),  # too far at once
        ({"prolonged_by": "passer-by"}, "invalid_request"),
        ({"reason": " "}, "invalid_request"),
        ({"crisis_id": str(uuid4())}, "not_known_yet"),
    ],
)
def test_a_crisis_is_not_prolonged_like_that(desk, case, changes, code):
    crisis = a_crisis(case)
    desk.ask("activate_crisis_plan", **crisis)
    desk.at = TUESDAY_AT_TEN + timedelta(days=20)

    assert desk.refused("prolong_crisis", **a_prolongation(crisis, **changes))["code"] == code


def test_what_is_over_is_not_prolonged_and_an_id_is_of_one_prolongation(desk, case):
    crisis = a_crisis(case)
    desk.ask("activate_crisis_plan", **crisis)
    desk.at = TUESDAY_AT_TEN + timedelta(days=20)
    longer = a_prolongation(crisis)
    desk.ask("prolong_crisis", **longer)

    reused = desk.refused("prolong_crisis", **longer | {"hand_back_on": "2027-01-06"})
    assert reused["code"] == "id_reused"
    desk.ask("stand_down_crisis_plan", crisis_id=crisis["crisis_id"], stood_down_by="person")
    late = desk.refused("prolong_crisis", **a_prolongation(crisis, hand_back_on="2027-01-06"))
    assert late["code"] == "crisis_over"
    assert [told["version"] for told in desk.told("crisis_plan_stood_down")] == [3]
