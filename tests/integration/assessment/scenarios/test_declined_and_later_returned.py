"""She wants no budget now, loses nothing by it, and comes back in spring."""

from datetime import timedelta
from uuid import uuid4

from tests.factories import TUESDAY_AT_TEN
from tests.integration.assessment.desk import Desk, a_plan


def test_declining_is_informed_costs_nothing_and_is_taken_back_at_any_time(transaction):
    desk = Desk(transaction)

    # She was told that there are budgets, and offered help before she chose.
    received = desk.agreed()
    referral_id = received["referral_id"]
    desk.ask(
        "record_discussion",
        discussion_id=str(uuid4()),
        referral_id=referral_id,
        outcome="offered",
        held_on="2026-11-23",
        by_role="care_coordinator",
        because=None,
        person_words="It sounds like a lot just now",
        signposted_to="The peer group on Thursdays",
    )
    first = desk.offer(referral_id)
    desk.a_team(received["person_id"])

    # She declines. That is an outcome of its own; she is told once that her services stay.
    decline = {
        "referral_id": referral_id,
        "informed_by_role": "care_coordinator",
        "informed_on": "2026-11-24",
    }
    for _ in range(2):
        desk.ask("decline_budget", **decline)
    case = desk.case(referral_id)
    assert case["referral"]["outcome"] == "declined"
    assert len(case["declines"]) == len(desk.told("budget_declined")) == 1
    assert [one["answer"] for one in case["offers"]] == ["accepted"] * 3
    assert case["assessment"]["domains"]  # what was assessed stays hers
    assert case["person"]["care_team"]  # and so do those who work with her

    # Nobody plans over her head meanwhile, and nobody may refuse what she did not ask for now.
    refusal = desk.refused("draft_plan", **a_plan(referral_id))
    assert refusal["code"] == "budget_declined"
    assert "offer the budget again" in refusal["next_step"]

    # In spring she asks again: the same referral, the same assessment, a new offer of the amount.
    desk.at = TUESDAY_AT_TEN + timedelta(days=120)
    again = desk.offer(referral_id)
    assert again["total_pence"] == first["total_pence"]
    assert again["version"] == first["version"] + 1
    assert len(desk.told("indicative_budget_calculated")) == 2
    case = desk.case(referral_id)
    assert case["referral"]["outcome"] == "open"
    assert len(case["declines"]) == 1  # that she once declined is not forgotten
