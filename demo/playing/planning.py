"""The person, the broker and the care coordinator agree a plan; somebody decides on it."""

from collections.abc import Mapping
from typing import Any

from demo.case import AlongTheWay, SignOff, SupportPlan
from demo.playing import climbing, deciding, drafting, refusing, representing, returning, team
from demo.playing.deciding import SignedPlan
from demo.playing.play import CaseFailedError, Play
from demo.progress import Stage
from demo.staff import CARE_COORDINATOR


def agree(play: Play, *, plan: SupportPlan, sign_off: SignOff, offer: Mapping[str, Any]) -> None:
    """Draft, talk it over, submit, sign three times, decide; as often as it takes."""
    case, reserve_pence = play.case, offer["reserve_pence"]
    if case.has(AlongTheWay.REPRESENTED):
        representing.appoint(play)
    draft = _draft(play, plan, drafting.draft(play, plan, reserve_pence=reserve_pence))
    broker = team.broker(play)
    play.tell("assessment.record_interview", drafting.interview(play), by=broker)
    signed = _submit_and_sign(play, draft, sign_off)
    if case.has(AlongTheWay.PLAN_RETURNED):
        returning.send_back(play, signed)
        request = drafting.draft(
            play, plan, reserve_pence=reserve_pence, more_risks=[returning.ANSWER]
        )
        draft = _draft(play, plan, request, about="2")
        returning.check_signatures_voided(draft)
        signed = _submit_and_sign(play, draft, sign_off)
    if case.has(AlongTheWay.PLAN_REFUSED):
        signed = refusing.refuse_plan(play, signed, plan=plan)
    if case.has(AlongTheWay.CLIMBS):
        signed = climbing.climb(play, signed)
    deciding.approve(
        play,
        signed,
        reasons=deciding.reasons(
            plan=plan,
            indicative_pence=offer["total_pence"],
            worry=deciding.worry(sign_off),
        ),
    )
    play.advance(Stage.PLAN)


def _draft(
    play: Play, plan: SupportPlan, request: Mapping[str, Any], *, about: str = ""
) -> Mapping[str, Any]:
    draft: Mapping[str, Any] = play.tell(
        "assessment.draft_plan", request, by=team.broker(play), about=about
    )
    if draft["total_pence"] != plan.total_pence:
        raise CaseFailedError("the plan was drafted with another total than the file's")
    return draft


def _submit_and_sign(play: Play, draft: Mapping[str, Any], sign_off: SignOff) -> SignedPlan:
    """Let all three sign the same content, and return the plan with who is asked to decide."""
    version = {"plan_id": draft["plan_id"], "version": draft["version"]}
    broker = team.broker(play)
    play.tell("assessment.submit_plan", version, by=broker, about=str(draft["version"]))
    said = {**version, "content_sha256": draft["content_sha256"]}
    play.tell(
        "assessment.sign_plan",
        {**said, **representing.beside_signing(play)},
        by=representing.who_signs(play),
        about=f"{draft['version']}/person",
    )
    play.tell("assessment.sign_plan", said, by=broker, about=f"{draft['version']}/broker")
    feels = {
        "is_comfortable": sign_off.coordinator_comfortable,
        "worry": deciding.worry(sign_off),
    }
    answer = play.tell(
        "assessment.sign_plan",
        {**said, **feels},
        by=CARE_COORDINATOR,
        about=f"{draft['version']}/care_coordinator",
    )
    return SignedPlan(**version, rung=answer["decision_rung"])
