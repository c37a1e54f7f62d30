"""A plan as assessment asks for it. What the case file does not hold is invented here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from demo.case import Item, SupportPlan
from demo.playing.play import Play

# How much the person runs of what is paid by each rail: the broker pays with them.
PARTS = {
    "card": ("What the broker buys with the card", 2, "third_party"),
    "bacs": ("What the broker pays by transfer", 3, "third_party"),
    "invoice": ("What is arranged and invoiced", 1, "notional"),
}
SIX_FEATURES = {
    "central_in_planning": "The person said what goes into the plan.",
    "agreed_outcomes": "The goals are in the person's words.",
    "known_amount": "The person was told the amount and how it was worked out.",
    "enough_money": "Each thing in the plan is costed in full.",
    "choice_of_mode": "The person chose how each part is paid.",
    "flexible_use": "What is bought, where and when is the person's choice.",
}
ASKED_ABOUT_RISK = ("person", "broker", "care_coordinator")
USUAL_RISK: Mapping[str, str] = {
    "risk": "It may be more than I manage on a bad day",
    "what_helps": "I can put it off, and somebody rings me",
}


def draft(
    play: Play,
    plan: SupportPlan,
    *,
    reserve_pence: int,
    more_risks: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Return the request that drafts a case's plan, or drafts it anew with more risks shared."""
    goals = list(dict.fromkeys(item.goal for item in plan.items))
    rails = list(dict.fromkeys(item.rail for item in plan.items))
    return {
        "plan_id": play.note_id("plan_id", play.ids.text("plan")),
        "referral_id": play.known["referral_id"],
        "goals": [{"goal_id": _goal_id(play, goals, goal), "words": goal} for goal in goals],
        "parts": [_part(play, rail) for rail in rails],
        "items": [
            _item(play, item, number=number, goals=goals) for number, item in enumerate(plan.items)
        ],
        "preferences": _preferences(play),
        "six_features": [
            {"feature": feature, "is_met": True, "evidence": evidence}
            for feature, evidence in SIX_FEATURES.items()
        ],
        "risks": [
            {**risk, "benefit": goals[0], "agreed_by": list(ASKED_ABOUT_RISK)}
            for risk in (USUAL_RISK, *more_risks)
        ],
        "risk_of_doing_nothing": _as_it_is(play),
        "wanted_but_unavailable": [],
        "crisis_plan": _crisis_plan(plan, reserve_pence=reserve_pence),
        "crisis_plan_declined_because": plan.crisis_plan_declined_because,
    }


def interview(play: Play) -> dict[str, Any]:
    """Return the request that records how person and broker talked the plan over."""
    return {
        "referral_id": play.known["referral_id"],
        "held_on": play.case.referral["received_on"],
        "mode": "face_to_face",
        "place": "At the person's home",
        "attendees": [],
        "person_words": _as_it_is(play),
    }


def _goal_id(play: Play, goals: list[str], goal: str) -> str:
    return play.ids.text(f"goal/{goals.index(goal)}")


def _part(play: Play, rail: str) -> dict[str, Any]:
    name, control_level, mode = PARTS[rail]
    return {
        "part_id": play.ids.text(f"part/{rail}"),
        "name": name,
        "control_level": control_level,
        "mode": mode,
    }


def _item(play: Play, item: Item, *, number: int, goals: list[str]) -> dict[str, Any]:
    described = asdict(item)
    goal = described.pop("goal")
    instead = f", and it takes the place of {item.instead_of}" if item.instead_of else ""
    return {
        "item_id": play.ids.text(f"item/{number}"),
        "goal_ids": [_goal_id(play, goals, goal)],
        "part_id": play.ids.text(f"part/{item.rail}"),
        **described,
        "rationale": f"The person chose it for this goal{instead}.",
    }


def _preferences(play: Play) -> Mapping[str, Any]:
    whole_life = play.case.assessment["whole_life"]
    return {
        "culture": None,
        "faith": whole_life.get("faith"),
        "language": play.case.person["language"],
        "diet": whole_life.get("diet"),
        "worker": None,
    }


def _as_it_is(play: Play) -> str:
    """Return what the person said of their life as it is."""
    said: str = play.case.assessment["contributions"][0]["domains"][0]["person_words"]
    return said


def _crisis_plan(plan: SupportPlan, *, reserve_pence: int) -> Mapping[str, Any] | None:
    if plan.crisis_plan_declined_because is not None:
        return None
    return {
        **plan.crisis_plan,
        "hinders": None,
        "advance_wishes": None,
        "substitute_may": "Go on paying what is paid regularly, and use the reserve up to the cap",
        "cap_pence": reserve_pence,
    }
