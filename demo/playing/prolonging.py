"""A crisis that goes on: a reserve was promised for it, and somebody prolongs it in time."""

from typing import Any

from demo.partners import SIGNATORY
from demo.playing.play import CaseFailedError, Play
from demo.staff import CARE_COORDINATOR, FINANCE_OFFICER
from shared.money import divide

GOES_ON_WEEKS = 4  # the most by which a crisis is prolonged at once


def promise_reserve(play: Play) -> None:
    """Let both funders promise what the plan says of a crisis, so that there is what to call."""
    reserve_pence = play.read_case()["plan"]["crisis_plan"]["cap_pence"]
    if play.case.budget is None or not reserve_pence:
        return
    parts = divide(amount_pence=reserve_pence, weights=play.case.budget.shares_basis_points)
    funder_ids = play.partners.funder_ids
    promised = play.tell(
        "budget.promise_crisis_reserve",
        {
            "budget_id": play.known["budget_id"],
            "parts": [
                {"funder_id": funder_ids[funder], "amount_pence": pence}
                for funder, pence in parts.items()
                if pence
            ],
            "signatures": [
                {"funder_id": funder_id, "role": SIGNATORY, "signed_on": play.today()}
                for funder_id in funder_ids.values()
            ],
        },
        by=FINANCE_OFFICER,
    )
    play.note_id("reserve_id", promised["reserve_id"])


def prolong(play: Play) -> None:
    """Say that it goes on, before the day on which it would end by itself.

    Raises:
        CaseFailedError: the reserve cannot be used any more.
    """
    play.tell(
        "assessment.prolong_crisis",
        {
            "crisis_id": play.known["crisis_id"],
            "hand_back_on": play.weeks_from_now(GOES_ON_WEEKS).isoformat(),
            "reason": "It is better, and not over: the nights are still bad.",
        },
        by=CARE_COORDINATOR,
    )
    if "reserve_id" in play.known and not _reserve(play)["activated_pence"]:
        raise CaseFailedError("the crisis goes on, and its reserve cannot be used")


def stand_down(play: Play) -> None:
    """Say that it is over: the person manages their budget again."""
    play.tell(
        "assessment.stand_down_crisis_plan",
        {"crisis_id": play.known["crisis_id"]},
        by=play.holder,
    )


def _reserve(play: Play) -> Any:
    asked = {"budget_id": play.known["budget_id"]}
    return play.ask("budget.crisis_reserve", asked, by=CARE_COORDINATOR)
