"""Reviews: set by the rules or by anybody who worries, held, and followed by the next."""

from datetime import timedelta
from uuid import uuid4

import pytest

from services.assessment.reviews import handlers, queries
from tests.factories import TUESDAY_AT_TEN
from tests.integration.assessment.desk import a_meeting, a_rapid_review, an_item
from tests.integration.assessment.planning import ONE_GOAL

GOAL = "Regain confidence in interacting with people"
SEVEN_WEEKS_LATER = TUESDAY_AT_TEN + timedelta(weeks=7)


@pytest.fixture
def case(desk):
    items = [an_item(unit_cost_pence=100_00, occurrences=4)]
    return desk.approved(goals=ONE_GOAL, items=items)


@pytest.fixture
def scheduled(desk, case):
    desk.strike(queries.unscheduled, handlers.schedule_review)
    return case


def reviews(desk, case, kind="planned"):
    return [one for one in desk.case(case.referral_id)["reviews"] if one["kind"] == kind]


@pytest.mark.parametrize("who", ["person", "family", "nominee", "worker", "partner"])
def test_one_message_from_anybody_brings_a_rapid_review(desk, who):
    referral_id = desk.agreed()["referral_id"]
    request = a_rapid_review(referral_id, asked_by=who)

    for _ in range(2):
        assert desk.ask("request_review", **request)["due_on"] == "2026-11-26"

    (told,) = desk.told("review_due")
    assert (told["kind"], told["due_on"]) == ("rapid", "2026-11-26")
    assert desk.case(referral_id)["reviews"][0]["trigger"] == "I am worried"
    found = desk.ask("where_is_it", referral_id=referral_id)
    assert ("review", "2026-11-26") in [(one["stage"], one["due_on"]) for one in found]


def test_the_id_of_a_review_is_not_that_of_another(desk):
    request = a_rapid_review(desk.agreed()["referral_id"])
    desk.ask("request_review", **request)

    refusal = desk.refused("request_review", **request | {"trigger": "Something else"})

    assert refusal["code"] == "id_reused"


def test_a_review_waits_for_its_referral(desk):
    assert desk.refused("request_review", **a_rapid_review(uuid4()))["code"] == "not_known_yet"


def test_an_approved_plan_is_looked_at_after_six_to_eight_weeks(desk, case):
    for _ in range(2):  # the second time there is nothing to do
        desk.strike(queries.unscheduled, handlers.schedule_review)

    (review,) = reviews(desk, case)
    assert (review["opens_on"], review["due_on"]) == ("2027-01-05", "2027-01-19")
    assert review["clocks"] == ["care_plan", "nhs_budget"]
    (told,) = desk.told("review_due")
    assert (told["kind"], told["due_on"]) == ("planned", "2027-01-19")


def test_two_processes_that_look_at_once_schedule_one_review(desk, case):
    with desk.transaction() as session:
        found_by_both = queries.unscheduled(desk.at, session=session)

    for _ in range(2):
        desk.strike(lambda *_, **__: found_by_both, handlers.schedule_review)

    assert len(reviews(desk, case)) == 1


def test_a_plan_that_is_not_approved_is_not_reviewed(desk):
    desk.signed()

    assert desk.strike(queries.unscheduled, handlers.schedule_review) == 0


def test_one_joint_meeting_closes_every_open_review_and_the_next_is_a_year_away(desk, scheduled):
    desk.at = SEVEN_WEEKS_LATER
    rapid = a_rapid_review(scheduled.referral_id)
    desk.ask("request_review", **rapid)
    meeting = a_meeting(scheduled.referral_id, held_on="2027-01-12")

    answers = [desk.ask("hold_review", **meeting) for _ in range(2)]

    assert answers[0] == answers[1]
    assert answers[0]["next_due_on"] == "2028-01-12"
    (held,) = desk.told("review_held")
    assert len(held["review_ids"]) == 2
    assert rapid["review_id"] in held["review_ids"]
    assert (held["clocks"], held["next_due_on"]) == (["care_plan", "nhs_budget"], "2028-01-12")
    due = [
        one["due_on"]
        for one in desk.ask("where_is_it", referral_id=scheduled.referral_id)
        if one["stage"] == "review"
    ]
    assert due == ["2028-01-12"]


def test_a_rapid_review_before_its_time_leaves_the_planned_one_open(desk, scheduled):
    desk.ask("request_review", **a_rapid_review(scheduled.referral_id))

    answer = desk.ask("hold_review", **a_meeting(scheduled.referral_id))

    assert answer["next_due_on"] == "2027-01-19"
    (planned,) = reviews(desk, scheduled)
    assert planned["closed_at"] is None


def test_what_came_of_a_goal_is_kept_in_the_persons_words_and_quoted_with_consent_only(
    desk, scheduled
):
    desk.at = SEVEN_WEEKS_LATER
    goal = {"goal": GOAL, "words": "I go every week.", "self_rating": None, "may_quote": False}

    desk.ask("hold_review", **a_meeting(scheduled.referral_id, held_on="2027-01-12", goals=[goal]))

    (meeting,) = desk.case(scheduled.referral_id)["review_meetings"]
    assert meeting["goals"] == [goal]
    assert meeting["attendee_roles"] == ["care_coordinator", "broker"]
    (told,) = desk.told("goal_outcome_recorded")
    assert (told["goal"], told["self_rating"], told["quote"]) == (GOAL, None, None)


def test_who_agrees_is_quoted(desk, scheduled):
    desk.at = SEVEN_WEEKS_LATER

    desk.ask("hold_review", **a_meeting(scheduled.referral_id, held_on="2027-01-12"))

    (told,) = desk.told("goal_outcome_recorded")
    assert (told["self_rating"], told["quote"]) == (7, "I go to the group every week now.")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": "2027-01-13"}, "held_in_future"),
        ({"goals": []}, "goals_missing"),
        ({"person_present": False}, "invalid_request"),
        ({"absent_because": "ill"}, "invalid_request"),
        ({"attendee_roles": []}, "invalid_request"),
        ({"held_on": "2026-12-01"}, "no_review_open"),
    ],
)
def test_a_meeting_that_cannot_be_leaves_nothing(desk, scheduled, changes, code):
    desk.at = SEVEN_WEEKS_LATER
    meeting = a_meeting(scheduled.referral_id, held_on="2027-01-12") | changes

    assert desk.refused("hold_review", **meeting)["code"] == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"self_rating": 11}, "invalid_request"),
        ({"words": " "}, "invalid_request"),
        ({"goal": "Learn to fly"}, "goal_unknown"),
    ],
)
def test_an_outcome_of_no_goal_or_without_words_is_refused(desk, scheduled, changes, code):
    desk.at = SEVEN_WEEKS_LATER
    meeting = a_meeting(scheduled.referral_id, held_on="2027-01-12")
    (goal,) = meeting["goals"]

    refusal = desk.refused("hold_review", **meeting | {"goals": [goal | changes]})

    assert refusal["code"] == code


def test_the_id_of_a_meeting_is_not_that_of_another(desk, scheduled):
    desk.at = SEVEN_WEEKS_LATER
    meeting = a_meeting(scheduled.referral_id, held_on="2027-01-12")
    desk.ask("hold_review", **meeting)

    refusal = desk.refused("hold_review", **meeting | {"conclusions": "Something else"})

    assert refusal["code"] == "id_reused"


def test_the_year_after_a_rapid_meeting_counts_from_the_planned_one(desk, scheduled):
    desk.at = SEVEN_WEEKS_LATER
    desk.ask("hold_review", **a_meeting(scheduled.referral_id, held_on="2027-01-12"))
    desk.at = SEVEN_WEEKS_LATER + timedelta(weeks=4)
    desk.ask("request_review", **a_rapid_review(scheduled.referral_id))

    answer = desk.ask("hold_review", **a_meeting(scheduled.referral_id, held_on="2027-02-09"))

    # A planned review is open from the day of the last one: the meeting answers it, too.
    assert answer["next_due_on"] == "2028-02-09"
