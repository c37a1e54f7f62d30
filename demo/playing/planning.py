"""The person, the broker and the care coordinator agree a plan; somebody decides on it."""

from collections.abc import Mapping
from typing import Any

from demo.case import SignOff, SupportPlan
from demo.playing import drafting
from demo.playing.play import CaseFailedError, Play
from demo.progress import Stage
from demo.staff import BROKER, CARE_COORDINATOR, DECIDERS
from shared.money import pounds

# What is said beside the reasons where everything is approved with the person there.
APPROVED: Mapping[str, Any] = {
    "outcome": "approve",
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


def agree(play: Play, *, plan: SupportPlan, sign_off: SignOff, offer: Mapping[str, Any]) -> None:
    """Draft, talk it over, submit, sign three times, decide."""
    draft = _draft(play, plan, reserve_pence=offer["reserve_pence"])
    version = {"plan_id": draft["plan_id"], "version": draft["version"]}
    play.tell("assessment.record_interview", drafting.interview(play))
    play.tell("assessment.submit_plan", version)
    signed = _sign(play, {**version, "content_sha256": draft["content_sha256"]}, sign_off)
    rung = signed["decision_rung"]
    if rung not in DECIDERS:
        raise CaseFailedError(f"nobody here decides on the rung {rung!r}")
    decision = play.tell(
        "assessment.decide_plan",
        {
            **version,
            "rung": rung,
            "decider_id": DECIDERS[rung].staff_id,
            **APPROVED,
            "reasons": reasons(
                total_pence=plan.total_pence,
                indicative_pence=offer["total_pence"],
                worry=worry(sign_off),
            ),
        },
    )
    play.note_id("budget_id", decision["budget_id"])
    play.advance(Stage.PLAN)


def worry(sign_off: SignOff) -> str | None:
    """Return what worries the coordinator; who is comfortable has nothing to say here."""
    return None if sign_off.coordinator_comfortable else sign_off.worry


def reasons(*, total_pence: int, indicative_pence: int, worry: str | None) -> str:
    """Give the decider's reasons, as the person will read them."""
    said = ["The plan meets the needs that we assessed together, in the person's own way."]
    if worry is not None:
        said.append(f"The care coordinator asked: “{worry}” We talked it over and agree the plan.")
    if total_pence > indicative_pence:
        said.append(
            f"The plan costs {pounds(total_pence)}, more than the indicative amount of"
            f" {pounds(indicative_pence)}. We approve the plan's total, because an indicative"
            " amount is where planning starts, and each thing in the plan answers an assessed need."
        )
    return " ".join(said)


def _draft(play: Play, plan: SupportPlan, *, reserve_pence: int) -> Mapping[str, Any]:
    request = drafting.draft(play, plan, reserve_pence=reserve_pence)
    draft: Mapping[str, Any] = play.tell("assessment.draft_plan", request)
    if draft["total_pence"] != plan.total_pence:
        raise CaseFailedError("the plan was drafted with another total than the file's")
    return draft


def _sign(play: Play, content: Mapping[str, Any], sign_off: SignOff) -> Mapping[str, Any]:
    """Let all three sign the same content, and return the last answer."""
    signatories = {
        "person": play.known["person_id"],
        BROKER.role: BROKER.staff_id,
        CARE_COORDINATOR.role: CARE_COORDINATOR.staff_id,
    }
    answer: Mapping[str, Any] = {}
    for role, signatory_id in signatories.items():
        is_coordinator = role == CARE_COORDINATOR.role
        answer = play.tell(
            "assessment.sign_plan",
            {
                **content,
                "role": role,
                "signatory_id": signatory_id,
                "capacity_basis": None,
                "is_comfortable": sign_off.coordinator_comfortable if is_coordinator else None,
                "worry": worry(sign_off) if is_coordinator else None,
            },
            about=role,
        )
    return answer
