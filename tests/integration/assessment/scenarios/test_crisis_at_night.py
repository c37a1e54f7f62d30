"""Crisis at night: a sign, a message, a brother who takes over, a hand-back nobody forgets.

Alex's plan pays for drumming lessons. In its crisis plan Alex named the brother to look after the
budget meanwhile. One night the signs are there.
"""

from datetime import UTC, datetime

from services.assessment.crisis import handlers as crises
from services.assessment.crisis import queries as crises_queries
from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines import queries as deadlines_queries
from tests.integration.assessment.desk import (
    a_crisis,
    a_meeting,
    a_rapid_review,
    an_item,
)
from tests.integration.assessment.planning import ONE_GOAL

AT_NIGHT = datetime(2026, 11, 29, 2, 40, tzinfo=UTC)  # a Sunday
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
FOUR_WEEKS_LATER = datetime(2026, 12, 27, 9, 0, tzinfo=UTC)


def test_a_crisis_at_night_is_met_at_once_and_ends_by_itself(desk):
    case = desk.approved(goals=ONE_GOAL, items=[an_item(unit_cost_pence=20_00, occurrences=20)])

    # At twenty to three a helpline that Alex rang puts the crisis plan in force: no form, no proof,
    # nobody at work who would have to agree.
    desk.at = AT_NIGHT
    crisis = a_crisis(case, activated_by="partner", happened="Alex rang us; the signs are there")
    answer = desk.ask("activate_crisis_plan", **crisis)

    # The brother looks after the budget, up to what Alex and the funders agreed for such a night.
    assert answer["substitute_manager"] == "brother"
    (told,) = desk.told("crisis_plan_activated")
    assert told["budget_id"] == desk.case(case.referral_id)["plan"]["budget_id"]
    assert told["cap_pence"] == 100_00
    # The plan, and so the lessons, stay as they were.
    assert desk.case(case.referral_id)["plan"]["state"] == "approved"

    # The brother says so, too. There is one crisis, not two.
    assert desk.ask("activate_crisis_plan", **a_crisis(case, activated_by="nominee")) == answer

    # He asks for a rapid review in the same breath: two working days from a Sunday.
    rapid = a_rapid_review(case.referral_id, asked_by="family", trigger="We need more help")
    assert desk.ask("request_review", **rapid)["due_on"] == "2026-12-01"

    # On Monday the coordinator finds what waits, the most urgent first.
    desk.at = MONDAY
    found = [
        (one["stage"], one["role"], one["due_on"])
        for one in desk.ask("where_is_it", referral_id=case.referral_id)
        if one["stage"] in {"review", "crisis_hand_back"}
    ]
    assert found == [
        ("review", "care_coordinator", "2026-12-01"),
        ("crisis_hand_back", "care_coordinator", "2026-12-27"),
    ]
    desk.ask("hold_review", **a_meeting(case.referral_id, held_on="2026-11-30"))

    # Nobody remembers to stand the plan down. After four weeks the budget is Alex's own again.
    desk.at = FOUR_WEEKS_LATER
    desk.strike(crises_queries.over, crises.hand_back)
    desk.strike(deadlines_queries.missed, deadlines.tell_missed)

    (over,) = desk.told("crisis_plan_stood_down")
    assert (over["crisis_id"], over["version"], over["ended_by"]) == (
        crisis["crisis_id"],
        2,
        "clock",
    )
    assert "crisis_hand_back" not in [one["stage"] for one in desk.told("deadline_missed")]
    (shown,) = desk.case(case.referral_id)["crises"]
    assert shown["stood_down_at"] == FOUR_WEEKS_LATER.isoformat()
