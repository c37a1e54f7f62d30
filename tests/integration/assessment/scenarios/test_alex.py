"""Alex's case, from the referral to the first review, after the published account of his budget.

What he wanted and what he bought are his; the levels and most prices are illustrative.
"""

from datetime import UTC, datetime
from uuid import uuid4

from services.assessment.reviews import handlers as reviews
from services.assessment.reviews import queries as reviews_queries
from tests.integration.assessment.desk import (
    ALEX_DOMAINS,
    Case,
    a_contribution,
    a_meeting,
    a_plan,
    a_referral,
    an_item,
)

SEVEN_WEEKS_LATER = datetime(2027, 1, 12, 11, 0, tzinfo=UTC)
PEOPLE, ORDER = str(uuid4()), str(uuid4())
GOALS = {PEOPLE: "Regain confidence in interacting with people", ORDER: "Be organised, in control"}
BOUGHT = [
    ("Personal assistant, an hour a week", 14_52, 52, ORDER),
    ("Satellite navigation for the car", 89_00, 1, ORDER),
    ("Tablet computer", 149_00, 1, ORDER),
    ("Conference of a survivors' group", 130_00, 1, PEOPLE),
    ("Drum kit", 250_00, 1, PEOPLE),
    ("Drumming lesson", 17_00, 18, PEOPLE),
    ("Counselling", 55_00, 6, PEOPLE),
]


def whose_turn(desk, referral_id):
    """Return who has to do what on the case now."""
    waiting = desk.ask("where_is_it", referral_id=referral_id)
    return {(one["stage"], one["role"]) for one in waiting}


def test_alex_is_assessed_once_knows_the_amount_plans_signs_and_says_what_came_of_it(desk):
    # The trust refers Alex. He is told by when he has an answer, and who could help him.
    received = desk.ask("receive_referral", **a_referral())
    referral_id, person_id = received["referral_id"], received["person_id"]
    assert desk.told("referral_received")[0]["answer_due_on"] == received["answer_due_on"]
    assert ("referral_answer", "care_coordinator") in whose_turn(desk, referral_id)
    team = desk.a_team(person_id)
    desk.with_support_offered(referral_id)

    # NHS and council each say what they saw. It becomes one assessment.
    for organisation in ALEX_DOMAINS:
        desk.ask("contribute", **a_contribution(referral_id, organisation))
    assert desk.case(referral_id)["assessment"]["is_agreed"]

    # The amount is worked out line by line, and somebody goes through the lines with him.
    offer = desk.offer(referral_id)
    assert (offer["total_pence"], offer["council_pence"], offer["nhs_pence"]) == (
        2_022_87,
        994_30,
        1_028_57,
    )
    assert sum(line["amount_pence"] for line in offer["lines"]) == offer["total_pence"]
    assert ("amount_told", "care_coordinator") in whose_turn(desk, referral_id)
    desk.tell_in_person(referral_id, version=offer["version"])
    assert ("amount_told", "care_coordinator") not in whose_turn(desk, referral_id)

    # Only now is there a plan: in his words, talked over with his broker at home.
    items = [
        an_item(description=what, unit_cost_pence=pence, occurrences=often, goal_ids=[goal])
        for what, pence, often, goal in BOUGHT
    ]
    plan = a_plan(
        referral_id,
        goals=[{"goal_id": goal, "words": words} for goal, words in GOALS.items()],
        items=items,
        wanted_but_unavailable=[],
    )
    drafted = desk.ask("draft_plan", **plan)
    assert drafted["total_pence"] == 2_009_04 < offer["total_pence"]
    desk.interview(referral_id, team["broker"])
    submitted = desk.ask("submit_plan", plan_id=drafted["plan_id"], version=drafted["version"])

    # Alex, his broker and his care coordinator sign the same words. It costs more than a
    # coordinator decides on alone, so the team manager decides.
    case = Case(referral_id, submitted, team)
    for role in ("person", "broker", "care_coordinator"):
        desk.sign(case, role)
    assert ("decision", "team_manager") in whose_turn(desk, referral_id)
    desk.decide(case, "team_manager")

    (approved,) = desk.told("plan_approved")
    assert approved["total_pence"] == 2_009_04
    assert {goal["words"] for item in approved["items"] for goal in item["goals"]} == set(
        GOALS.values()
    )

    # Seven weeks later they meet once, and Alex says what came of each of his goals.
    desk.strike(reviews_queries.unscheduled, reviews.schedule_review)
    assert whose_turn(desk, referral_id) == {("review", "care_coordinator")}
    desk.at = SEVEN_WEEKS_LATER
    outcomes = [
        {"goal": GOALS[PEOPLE], "words": "I play on.", "self_rating": 8, "may_quote": True},
        {"goal": GOALS[ORDER], "words": "Mostly.", "self_rating": None, "may_quote": False},
    ]
    held = desk.ask("hold_review", **a_meeting(referral_id, held_on="2027-01-12", goals=outcomes))

    assert held["next_due_on"] == "2028-01-12"
    quoted = {one["goal"]: one["quote"] for one in desk.told("goal_outcome_recorded")}
    assert quoted == {GOALS[PEOPLE]: "I play on.", GOALS[ORDER]: None}
    assert {stage for stage, _ in whose_turn(desk, referral_id)} == {"review"}
