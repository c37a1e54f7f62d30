"""Requests about plans, decisions and appeals, each with what matters left to say."""

from typing import Any
from uuid import uuid4

GOAL_ID = "5a2c7f0e-4a30-4f1c-8a1d-0d2f0c6a9b01"
OTHER_GOAL_ID = "5a2c7f0e-4a30-4f1c-8a1d-0d2f0c6a9b02"
PART_ID = "5a2c7f0e-4a30-4f1c-8a1d-0d2f0c6a9c01"
FEATURES = (
    "central_in_planning",
    "agreed_outcomes",
    "known_amount",
    "enough_money",
    "choice_of_mode",
    "flexible_use",
)


def an_item(**changes: Any) -> dict[str, Any]:
    return {
        "item_id": str(uuid4()),
        "goal_ids": [GOAL_ID],
        "part_id": PART_ID,
        "category": "arts_and_music",
        "description": "Drumming lesson",
        "unit_cost_pence": 17_00,
        "occurrences": 18,
        "frequency": "weekly",
        "rail": "card",
        "payee": "Drum teacher",
        "merchant_category_code": "8299",
        "payer": "joint",
        "instead_of": "physiotherapy",
        "rationale": "It moves the whole body, and it is done with others",
    } | changes


def a_part(**changes: Any) -> dict[str, Any]:
    return {
        "part_id": PART_ID,
        "name": "Music",
        "control_level": 2,
        "mode": "third_party",
    } | changes


def a_crisis_plan(**changes: Any) -> dict[str, Any]:
    return {
        "early_signs": "I stop opening the post",
        "helps": "My assistant goes through it with me",
        "hinders": "Being told to pull myself together",
        "contact": "my brother",
        "advance_wishes": None,
        "substitute_manager": "brother",
        "substitute_may": "Pay what is paid every week",
        "cap_pence": 100_00,
    } | changes


ONE_GOAL = [{"goal_id": GOAL_ID, "words": "Regain confidence in interacting with people"}]


def a_plan(referral_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "plan_id": str(uuid4()),
        "referral_id": referral_id,
        "goals": [
            *ONE_GOAL,
            {"goal_id": OTHER_GOAL_ID, "words": "Be organised and in control"},
        ],
        "parts": [a_part()],
        "items": [an_item()],
        "preferences": {
            "culture": None,
            "faith": None,
            "language": None,
            "diet": None,
            "worker": "Somebody who has had a stroke, too",
        },
        "six_features": [
            {"feature": feature, "is_met": True, "evidence": "We went through it together"}
            for feature in FEATURES
        ],
        "risks": [
            {
                "risk": "I may overdo it",
                "benefit": "I play with others again",
                "what_helps": "Short lessons, and a chair with a back",
                "agreed_by": ["person", "care_coordinator"],
            }
        ],
        "risk_of_doing_nothing": "I stay at home and get lonelier",
        "wanted_but_unavailable": [
            {"wanted": "A choir", "because": "None meets in the evening", "goal_id": GOAL_ID}
        ],
        "crisis_plan": a_crisis_plan(),
        "crisis_plan_declined_because": None,
    } | changes


def without_money(**changes: Any) -> dict[str, Any]:
    return {"items": [], "parts": []} | changes


def an_interview(referral_id: str, broker_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "interview_id": str(uuid4()),
        "referral_id": referral_id,
        "broker_id": broker_id,
        "held_on": "2026-11-24",
        "mode": "face_to_face",
        "place": "at home",
        "attendees": ["brother"],
        "person_words": "I want to be among people again",
    } | changes


def a_decision(**changes: Any) -> dict[str, Any]:
    """What every decision says; plan, rung and decider are the case's."""
    return {
        "outcome": "approve",
        "reasons": "It is what helps.",
        "items": [],
        "evidence": [],
        "alternatives": None,
        "appeal_route": None,
        "escalate_to": None,
        "skip_because": None,
        "attendees": [],
        "was_person_present": True,
        "co_signatory_id": None,
        "backing": None,
    } | changes


def explained(**changes: Any) -> dict[str, Any]:
    """What makes a refusal complete, beside its reasons."""
    return {
        "evidence": ["The letter of the general practitioner"],
        "alternatives": "The community choir costs nothing",
        "appeal_route": "Write to the appeals officer; an advocate can help",
    } | changes


def an_appeal(decision_id: str | None, **changes: Any) -> dict[str, Any]:
    return {
        "appeal_id": str(uuid4()),
        "decision_id": decision_id,
        "refusal_id": None,
        "amount": None,
        "lodged_by_role": "person",
        "grounds": "Nobody asked me what drumming does for me",
        "supporter": {"kind": "advocate", "name": "Ms Example"},
    } | changes


def an_appeal_decision(appeal_id: str, decider_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "appeal_id": appeal_id,
        "decider_id": decider_id,
        "decider_role": "appeals_officer",
        "outcome": "upheld",
        "reasons": "The panel did not weigh what the person said",
        "evidence": ["A talk with the person and their advocate"],
        "next_route": None,
    } | changes


def attending(*capacities: str) -> list[dict[str, str]]:
    return [{"attendee_id": str(uuid4()), "capacity": capacity} for capacity in capacities]
