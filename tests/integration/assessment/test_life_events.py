"""A death, a stay in hospital, a move: what each does to open work."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from services.assessment.life_events import handlers, queries
from services.assessment.reviews import handlers as reviews
from services.assessment.reviews import queries as reviews_queries
from shared.messaging.tables import OutboxMessage
from tests.factories import TUESDAY_AT_TEN
from tests.integration.assessment.desk import (
    a_correction,
    a_crisis,
    a_death,
    a_move,
    a_plan,
    a_rapid_review,
    an_admission,
    an_item,
    an_offer,
)


@pytest.fixture
def case(desk):
    case = desk.approved(items=[an_item(unit_cost_pence=100_00, occurrences=4)])
    desk.strike(reviews_queries.unscheduled, reviews.schedule_review)
    return case


@pytest.fixture
def person_id(case):
    return case.team["person"]


def planned_due(desk, case):
    return [
        (one["due_on"], one["moved_because"])
        for one in desk.case(case.referral_id)["reviews"]
        if one["kind"] == "planned"
    ]


def test_a_death_closes_everything_and_tells_which_budgets_end(desk, case, person_id):
    desk.ask("request_review", **a_rapid_review(case.referral_id))
    desk.ask("activate_crisis_plan", **a_crisis(case))
    death = a_death(person_id)

    answers = [desk.ask("record_death", **death) for _ in range(2)]

    assert answers[0] == answers[1]
    (told,) = desk.told("person_died")
    shown = desk.case(case.referral_id)
    assert (told["died_on"], told["budget_ids"]) == ("2026-11-20", [shown["plan"]["budget_id"]])
    assert shown["referral"]["outcome"] == "closed"
    assert all(review["closed_at"] for review in shown["reviews"])
    assert shown["crises"][0]["stood_down_by"] == "case_closed"
    assert shown["life_events"][0]["estate"] == {"name": "Kim", "contact": "01632 960000"}
    assert desk.ask("where_is_it", referral_id=case.referral_id) == []


def test_nothing_is_done_on_the_case_of_somebody_who_has_died(desk, case, person_id):
    desk.ask("record_death", **a_death(person_id))

    for operation, request in {
        "request_review": a_rapid_review(case.referral_id),
        "activate_crisis_plan": a_crisis(case),
        "draft_plan": a_plan(case.referral_id, plan_id=case.plan_id),
        "offer_budget": an_offer(case.referral_id),
    }.items():
        assert desk.refused(operation, **request)["code"] == "case_closed", operation


def test_a_plan_that_waits_for_a_decision_is_not_decided_after_a_death(desk):
    case = desk.signed(items=[an_item(unit_cost_pence=100_00, occurrences=4)])
    desk.ask("record_death", **a_death(case.team["person"]))

    refusal = desk.refused("decide_plan", **case.decision("care_coordinator"))

    assert refusal["code"] == "case_closed"
    assert desk.told("person_died")[0]["budget_ids"] == []


def test_a_death_is_recorded_once_and_nobody_is_admitted_afterwards(desk, person_id):
    desk.ask("record_death", **a_death(person_id))

    assert desk.refused("record_death", **a_death(person_id))["code"] == "person_has_died"
    refusal = desk.refused("record_admission", **an_admission(person_id))
    assert refusal["code"] == "person_has_died"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"died_on": "2026-11-25"}, "event_in_future"),
        ({"person_id": str(uuid4())}, "not_known_yet"),
        ({"source": ""}, "invalid_request"),
    ],
)
def test_a_death_that_cannot_be_leaves_nothing(desk, person_id, changes, code):
    assert desk.refused("record_death", **a_death(person_id) | changes)["code"] == code


def test_the_id_of_an_event_is_not_that_of_another(desk, person_id):
    admission = an_admission(person_id)
    desk.ask("record_admission", **admission)

    refusal = desk.refused("record_admission", **admission | {"source": "another"})

    assert refusal["code"] == "id_reused"


def test_the_budget_survives_an_admission_and_the_review_waits_until_after_it(
    desk, case, person_id
):
    admission = an_admission(person_id, expected_discharge_on="2027-01-15")

    for _ in range(2):
        assert desk.ask("record_admission", **admission)["whereabouts"] == "in_hospital"

    assert planned_due(desk, case) == [("2027-01-29", "admission")]
    assert desk.told("person_died") == []
    (told,) = desk.told("person_admitted")
    assert told["expected_discharge_on"] == "2027-01-15"
    found = desk.ask("where_is_it", referral_id=case.referral_id)
    assert [one["due_on"] for one in found if one["stage"] == "review"] == ["2027-01-29"]


def test_a_short_stay_moves_no_review_that_is_later_anyway(desk, case, person_id):
    desk.ask("record_admission", **an_admission(person_id, expected_discharge_on="2026-12-01"))

    assert planned_due(desk, case) == [("2027-01-19", None)]


def test_after_a_discharge_the_plan_is_looked_at_within_two_weeks(desk, case, person_id):
    desk.ask("record_admission", **an_admission(person_id))
    desk.at = TUESDAY_AT_TEN + timedelta(days=7)

    desk.ask(
        "record_discharge",
        event_id=str(uuid4()),
        person_id=person_id,
        discharged_on="2026-12-01",
        source="ward",
    )

    assert planned_due(desk, case) == [("2026-12-15", "discharge")]
    (told,) = desk.told("person_discharged")
    assert told["discharged_on"] == "2026-12-01"


def test_nobody_is_discharged_who_was_not_admitted_nor_before_it(desk, person_id):
    discharge = {
        "event_id": str(uuid4()),
        "person_id": person_id,
        "discharged_on": "2026-11-20",
        "source": "ward",
    }
    assert desk.refused("record_discharge", **discharge)["code"] == "not_in_hospital"

    desk.ask("record_admission", **an_admission(person_id))

    assert desk.refused("record_discharge", **discharge)["code"] == "event_out_of_order"
    assert desk.refused("record_admission", **an_admission(person_id))["code"] == "in_hospital"


def test_nobody_is_expected_to_leave_before_they_came(desk, person_id):
    admission = an_admission(person_id, expected_discharge_on="2026-11-01")

    assert desk.refused("record_admission", **admission)["code"] == "invalid_request"


def test_the_work_goes_on_until_the_day_of_a_move_and_then_the_case_is_closed(
    desk, case, person_id
):
    answer = desk.ask("record_move", **a_move(person_id, moves_on="2026-12-01"))

    assert answer["whereabouts"] == "moving"
    (told,) = desk.told("person_moved")
    budget_id = desk.case(case.referral_id)["plan"]["budget_id"]
    assert (told["moves_on"], told["budget_ids"]) == ("2026-12-01", [budget_id])
    assert desk.strike(queries.moved, handlers.close_moved) == 0
    desk.ask("request_review", **a_rapid_review(case.referral_id))

    desk.at = TUESDAY_AT_TEN + timedelta(days=7)
    assert desk.strike(queries.moved, handlers.close_moved) == 1
    assert desk.strike(queries.moved, handlers.close_moved) == 0

    shown = desk.case(case.referral_id)
    assert shown["referral"]["outcome"] == "closed"
    assert shown["life_events"][0]["whereabouts"] == "moved"
    refusal = desk.refused("request_review", **a_rapid_review(case.referral_id))
    assert refusal["code"] == "case_closed"


def test_who_moved_before_it_was_known_has_a_closed_case_at_once(desk, case, person_id):
    answer = desk.ask("record_move", **a_move(person_id, moves_on="2026-11-20"))

    assert answer["whereabouts"] == "moved"
    assert desk.case(case.referral_id)["referral"]["outcome"] == "closed"
    refusal = desk.refused("record_admission", **an_admission(person_id))
    assert refusal["code"] == "moves_away"


def test_somebody_who_was_about_to_move_and_died_is_not_moved_afterwards(desk, case, person_id):
    desk.ask("record_move", **a_move(person_id, moves_on="2026-12-01"))
    desk.ask("record_death", **a_death(person_id))
    desk.at = TUESDAY_AT_TEN + timedelta(days=7)

    desk.strike(queries.moved, handlers.close_moved)

    whereabouts = [one["whereabouts"] for one in desk.case(case.referral_id)["life_events"]]
    assert whereabouts[-1] == "died"


def test_a_death_that_was_recorded_wrongly_is_taken_back_once(desk, case, person_id):
    desk.ask("request_review", **a_rapid_review(case.referral_id))
    desk.ask("activate_crisis_plan", **a_crisis(case))
    before = desk.case(case.referral_id)
    desk.at += timedelta(hours=1)
    desk.ask("record_death", **a_death(person_id))
    correction = a_correction(person_id)
    desk.at += timedelta(days=1)

    answers = [desk.ask("correct_death", **correction) for _ in range(2)]

    assert answers[0] == answers[1]
    assert answers[0]["whereabouts"] == "at_home"
    (died,), (told,) = desk.told("person_died"), desk.told("death_corrected")
    assert (died["version"], told["version"]) == (1, 2)
    shown = desk.case(case.referral_id)
    assert shown["referral"]["outcome"] == before["referral"]["outcome"] == "agreed"
    for review in before["reviews"]:
        assert review in shown["reviews"]
    # A task says what is not as it was: the crisis, and the budget.
    (task,) = [one for one in shown["reviews"] if one not in before["reviews"]]
    assert (task["kind"], task["closed_at"]) == ("rapid", None)
    assert "a budget that ended are not" in task["trigger"]
    assert shown["crises"][0]["stood_down_by"] == "case_closed"
    assert (shown["plan"]["state"], shown["plan"]["budget_id"]) == ("approved", None)
    assert [one["kind"] for one in shown["life_events"]] == ["death", "death_corrected"]


def test_who_lives_is_known_to_live_before_they_are_told_of_the_review(desk, case, person_id):
    desk.ask("record_death", **a_death(person_id))
    desk.ask("correct_death", **a_correction(person_id))

    with desk.transaction() as session:
        told = session.scalars(
            select(OutboxMessage.event_type).order_by(OutboxMessage.position.desc()).limit(2)
        ).all()
    assert told == ["assessment.review_due.v1", "assessment.death_corrected.v1"]


def test_after_it_the_case_goes_on_and_the_next_approval_gives_another_budget(
    desk, case, person_id
):
    first_budget_id = desk.case(case.referral_id)["plan"]["budget_id"]
    desk.ask("record_death", **a_death(person_id))
    desk.ask("correct_death", **a_correction(person_id))

    desk.drafted_again(case, items=[an_item(unit_cost_pence=90_00, occurrences=4)])
    for role in ("person", "broker", "care_coordinator"):
        desk.sign(case, role)
    desk.decide(case, "care_coordinator")

    first, second = desk.told("plan_approved")
    assert first["budget_id"] == first_budget_id != second["budget_id"]
    desk.ask("record_admission", **an_admission(person_id, admitted_on="2026-11-21"))
    desk.ask("record_death", **a_death(person_id, died_on="2026-11-24"))
    assert desk.told("person_died")[-1]["budget_ids"] == [second["budget_id"]]


def test_a_decision_that_waited_is_asked_of_its_rung_again(desk):
    case = desk.signed(is_comfortable=False)
    desk.ask("record_death", **a_death(case.team["person"]))
    desk.ask("correct_death", **a_correction(case.team["person"]))

    found = desk.ask("where_is_it", referral_id=case.referral_id)

    assert [one["role"] for one in found if one["stage"] == "decision"] == ["team_manager"]
    assert desk.decide(case, "team_manager")["decision_id"]
    assert desk.case(case.referral_id)["plan"]["state"] == "approved"


def test_what_was_to_be_done_by_a_day_is_to_be_done_by_that_day(desk):
    received = desk.offered(is_told=False)
    before = desk.ask("where_is_it", referral_id=received["referral_id"])
    desk.ask("record_death", **a_death(received["person_id"]))
    desk.ask("correct_death", **a_correction(received["person_id"]))

    after = desk.ask("where_is_it", referral_id=received["referral_id"])

    assert before
    assert all(one in after for one in before)


def test_only_a_death_is_taken_back(desk, case, person_id):
    refusal = desk.refused("correct_death", **a_correction(person_id))
    assert (refusal["code"], refusal["details"]["field"]) == ("no_death_recorded", "person_id")

    desk.ask("record_death", **a_death(person_id))
    unknown = desk.refused("correct_death", **a_correction(str(uuid4())))
    assert unknown["code"] == "not_known_yet"
    unsaid = desk.refused("correct_death", **a_correction(person_id, reason=" "))
    assert unsaid["code"] == "invalid_request"
    correction = a_correction(person_id)
    desk.ask("correct_death", **correction)
    other = desk.refused("correct_death", **correction | {"reason": "Else"})
    assert other["code"] == "id_reused"
    again = desk.refused("correct_death", **a_correction(person_id))
    assert again["code"] == "no_death_recorded"


def test_who_moved_away_before_the_death_was_taken_back_stays_away(desk, case, person_id):
    desk.ask("record_move", **a_move(person_id, moves_on="2026-11-26"))
    desk.ask("record_death", **a_death(person_id, died_on="2026-11-24"))
    desk.at = TUESDAY_AT_TEN + timedelta(days=3)
    assert desk.strike(queries.moved, handlers.close_moved) == 1

    answer = desk.ask("correct_death", **a_correction(person_id))

    assert answer["whereabouts"] == "moved"
    assert desk.case(case.referral_id)["referral"]["outcome"] == "closed"
    assert desk.refused("draft_plan", **a_plan(case.referral_id, plan_id=case.plan_id))["code"] == (
        "case_closed"
    )
