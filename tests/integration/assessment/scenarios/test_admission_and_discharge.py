"""Admission and discharge: the budget survives a stay in hospital, and is looked at after it.

Alex's first review would be due on 19 January. On 5 January Alex is admitted.
"""

from datetime import UTC, datetime
from uuid import uuid4

from services.assessment.reviews import handlers as reviews
from services.assessment.reviews import queries as reviews_queries
from tests.integration.assessment.desk import a_meeting, an_admission, an_item
from tests.integration.assessment.planning import ONE_GOAL

ADMITTED = datetime(2027, 1, 5, 18, 0, tzinfo=UTC)
DISCHARGED = datetime(2027, 1, 21, 11, 0, tzinfo=UTC)
HELD = datetime(2027, 2, 2, 14, 0, tzinfo=UTC)


def test_a_stay_in_hospital_ends_no_budget_and_moves_the_review_behind_it(desk):
    case = desk.approved(goals=ONE_GOAL, items=[an_item(unit_cost_pence=20_00, occurrences=20)])
    person_id = case.team["person"]
    desk.strike(reviews_queries.unscheduled, reviews.schedule_review)
    assert due(desk, case) == ("2027-01-19", "2027-01-19", None)

    # The ward cannot say how long. Four weeks are taken, and two weeks at home before the review.
    desk.at = ADMITTED
    desk.ask("record_admission", **an_admission(person_id, admitted_on="2027-01-05"))
    assert due(desk, case) == ("2027-02-16", "2027-01-19", "admission")

    # The budget and the plan are as they were: lessons can be cancelled by Alex, not by us.
    assert desk.case(case.referral_id)["plan"]["state"] == "approved"
    assert (desk.told("person_died"), desk.told("person_moved")) == ([], [])

    # Alex leaves earlier. What helps may have changed: the plan is looked at within two weeks.
    desk.at = DISCHARGED
    desk.ask(
        "record_discharge",
        event_id=str(uuid4()),
        person_id=person_id,
        discharged_on="2027-01-21",
        source="ward",
    )
    assert due(desk, case) == ("2027-02-04", "2027-01-19", "discharge")

    # The meeting is held at home, with Alex. The next one is a year away.
    desk.at = HELD
    held = desk.ask("hold_review", **a_meeting(case.referral_id, held_on="2027-02-02"))
    assert held["next_due_on"] == "2028-02-02"


def due(desk, case):
    """Return by when the open review is held, by when the rules alone ask, and why they differ."""
    (review,) = (one for one in desk.case(case.referral_id)["reviews"] if not one["closed_at"])
    return review["due_on"], review["rule_due_on"], review["moved_because"]
