"""Death mid-month: the work stops at once, the budget ends on the day, nothing is lost to read.

Alex dies on 10 December, with a crisis plan in force and a review to come. The ward tells of it
on the 12th.
"""

from datetime import UTC, datetime

from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines import queries as deadlines_queries
from services.assessment.reviews import handlers as reviews
from services.assessment.reviews import queries as reviews_queries
from tests.integration.assessment.desk import (
    a_crisis,
    a_death,
    a_plan,
    a_rapid_review,
    an_item,
)

THE_EIGHTH = datetime(2026, 12, 8, 12, 0, tzinfo=UTC)
THE_TWELFTH = datetime(2026, 12, 12, 9, 0, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)


def test_a_death_in_the_middle_of_a_month_ends_what_it_must_and_keeps_the_rest(desk):
    case = desk.approved(items=[an_item(unit_cost_pence=20_00, occurrences=20)])
    person_id = case.team["person"]
    desk.strike(reviews_queries.unscheduled, reviews.schedule_review)
    desk.at = THE_EIGHTH
    desk.ask("activate_crisis_plan", **a_crisis(case))
    desk.ask("request_review", **a_rapid_review(case.referral_id))

    # The ward reports it. Nobody knows yet who looks after what Alex left, or is asked for it.
    desk.at = THE_TWELFTH
    death = a_death(person_id, died_on="2026-12-10", source="ward", estate=None)
    desk.ask("record_death", **death)
    # The ward's system sends it again. That changes nothing.
    desk.ask("record_death", **death)

    # Budget is told once, with the day and the budget: it ends on the day Alex died.
    (told,) = desk.told("person_died")
    assert told["died_on"] == "2026-12-10"
    assert told["budget_ids"] == [desk.case(case.referral_id)["plan"]["budget_id"]]

    # The crisis is over, both reviews are closed, and nobody has anything to do.
    assert [one["ended_by"] for one in desk.told("crisis_plan_stood_down")] == ["case_closed"]
    assert [one["closed_at"] for one in desk.case(case.referral_id)["reviews"]] == [
        THE_TWELFTH.isoformat()
    ] * 2
    assert desk.ask("where_is_it", referral_id=case.referral_id) == []
    assert desk.ask("open_tasks") == []

    # A worker who has not heard tries to change the plan. They learn it here, kindly.
    new_version = a_plan(case.referral_id, plan_id=case.plan_id)
    refusal = desk.refused("draft_plan", **new_version)
    assert refusal["code"] == "case_closed"

    # Half a year later the clocks find nothing to nag about, and everything is there to be read.
    desk.at = NEXT_YEAR
    assert desk.strike(reviews_queries.unscheduled, reviews.schedule_review) == 0
    assert desk.strike(deadlines_queries.missed, deadlines.tell_missed) == 0
    shown = desk.case(case.referral_id)
    assert shown["plan"]["state"] == "approved"
    assert [one["kind"] for one in shown["life_events"]] == ["death"]
