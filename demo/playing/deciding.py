"""Somebody on the ladder decides on a signed plan."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from demo.case import SignOff, SupportPlan
from demo.playing import team
from demo.playing.play import CaseFailedError, Play
from demo.staff import CARE_COORDINATOR, CARE_TEAM, DECIDERS, MEETINGS, RISK_ENABLEMENT_PANEL
from shared.money import pounds

# What every decision says; where it is more than this, whoever decides says so.
PLAIN: Mapping[str, Any] = {
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
}
BACKING = "Both organisations stand behind everybody who agreed this plan."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPlan:
    """A version of a plan that all three have signed, and who is asked to decide on it."""

    plan_id: str
    version: int
    rung: str

    def at(self, rung: str) -> Self:
        """Return the plan as it lies with another rung."""
        return replace(self, rung=rung)


def approve(play: Play, signed: SignedPlan, *, reasons: str) -> None:
    """Approve the plan as a whole, and keep the id of its budget."""
    is_panels = signed.rung == RISK_ENABLEMENT_PANEL.role
    decision = say(
        play,
        signed,
        outcome="approve",
        reasons=reasons,
        backing=BACKING if is_panels else None,
    )
    play.note_id("budget_id", decision["budget_id"])


def say(
    play: Play, signed: SignedPlan, *, outcome: str, reasons: str, **more: Any
) -> Mapping[str, Any]:
    """Decide as the rung that is asked, in a meeting where it is one, and return the answer.

    Raises:
        CaseFailedError: nobody of the demo stands on that rung.
    """
    decider = DECIDERS.get(signed.rung)
    if decider is None:
        raise CaseFailedError(f"nobody here decides on the rung {signed.rung!r}")
    if decider not in CARE_TEAM:
        team.assign(play, decider)
    answer: Mapping[str, Any] = play.tell(
        "assessment.decide_plan",
        {
            "plan_id": signed.plan_id,
            "version": signed.version,
            "rung": signed.rung,
            **PLAIN,
            "attendees": _attendees(play, signed.rung),
            "outcome": outcome,
            "reasons": reasons,
            **more,
        },
        by=decider,
        about=f"{signed.version}/{signed.rung}",
    )
    return answer


def whose_turn(play: Play) -> str:
    """Return the rung with which the decision lies now, as the care coordinator sees it.

    Raises:
        CaseFailedError: it lies with nobody.
    """
    asked = {"referral_id": play.known["referral_id"]}
    waiting = play.ask("assessment.where_is_it", asked, by=CARE_COORDINATOR)
    rungs = [one["role"] for one in waiting["items"] if one["stage"] == "decision"]
    if len(rungs) != 1:
        raise CaseFailedError(f"the decision lies with {len(rungs)} rungs")
    return str(rungs[0])


def worry(sign_off: SignOff) -> str | None:
    """Return what worries the coordinator; who is comfortable has nothing to say here."""
    return None if sign_off.coordinator_comfortable else sign_off.worry


def reasons(*, plan: SupportPlan, indicative_pence: int, worry: str | None) -> str:
    """Give the decider's reasons, as the person will read them."""
    said = ["The plan meets the needs that we assessed together, in the person's own way."]
    if worry is not None:
        said.append(f"The care coordinator asked: “{worry}” We talked it over and agree the plan.")
    if plan.total_pence > indicative_pence:
        said.append(
            f"The plan costs {pounds(plan.total_pence)}, more than the indicative amount of"
            f" {pounds(indicative_pence)}. We approve the plan's total, because an indicative"
            " amount is where planning starts, and each thing in the plan answers an assessed need."
        )
    return " ".join(said)


def _attendees(play: Play, rung: str) -> list[dict[str, str]]:
    """Return who is in the meeting: somebody who decides with the chair, and the person."""
    if rung not in MEETINGS:
        return []
    with_the_chair = MEETINGS[rung]
    return [
        {"attendee_id": with_the_chair.staff_id, "capacity": with_the_chair.role},
        {"attendee_id": play.known["person_id"], "capacity": "guest"},
    ]
