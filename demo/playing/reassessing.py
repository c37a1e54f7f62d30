"""Support works, so the person is assessed lower: nothing falls before that is explained and shown.

The approved plan and its budget stay; it is the indicative amount of the next plan that falls.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from demo.case import AlongTheWay, SupportPlan
from demo.playing import assessing, recalculating, reviewing, telling
from demo.playing.play import CaseFailedError, Play
from demo.staff import CARE_COORDINATOR

EARLY_IN_THE_DAY = "T08:00:00+00:00"  # before the demo's clock begins


def reassess(play: Play, *, plan: SupportPlan) -> None:
    """Hold a review, assess lower, be held up, explain it, show it, and offer again.

    Raises:
        CaseFailedError: the amount fell without a statement, or does not fall with one.
    """
    reviewing.review(
        play,
        plan=plan,
        asked_by=CARE_COORDINATOR,
        trigger="It goes better than when we assessed",
        conclusions="The plan goes on. One domain is to be assessed again.",
        about="reassessment",
    )
    _see_again(play)
    before = play.read_case()["indicative_budget"]
    held_up = assessing.offer(play, about="held up")["blocked"]
    if held_up is None:
        raise CaseFailedError("less was offered, and nobody had explained it")
    _explain(play, domains=held_up["domains"])
    lower = assessing.offer(play, about="explained")
    if lower["blocked"] is not None:
        raise CaseFailedError("what was explained and shown is still held up")
    if play.case.has(AlongTheWay.AMOUNT_APPEALED):
        recalculating.appeal(play, lower=lower, before=before)


def _see_again(play: Play) -> None:
    """Let whoever scored the domain that weighs most score it a level lower."""
    contributions = list(assessing.contributions(play))
    heaviest = max(_scores(one for _, one in contributions), key=_weight)
    for number, (organisation, contribution) in enumerate(contributions):
        domains = [
            _lower(one) if one["domain"] == heaviest["domain"] else one
            for one in contribution["domains"]
        ]
        if domains != contribution["domains"]:
            again = {"as_of": play.today() + EARLY_IN_THE_DAY, "domains": domains}
            seen = {**contribution, **again}
            assessing.contribute(play, seen, by=organisation, about=f"{number} again")


def _scores(contributions: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for contribution in contributions:
        yield from contribution["domains"]


def _weight(domain: Mapping[str, Any]) -> int:
    return int(domain["without_present_support"]["typical"])


def _lower(domain: Mapping[str, Any]) -> dict[str, Any]:
    levels = domain["without_present_support"]
    lower = {day: max(0, level - 1) for day, level in levels.items()}
    return {**domain, "without_present_support": lower}


def _explain(play: Play, *, domains: list[str]) -> None:
    statement = play.tell(
        "assessment.record_preventive_effect",
        {
            "referral_id": play.known["referral_id"],
            "domains": domains,
            "what_support_prevents": "What the budget buys keeps the worst days away.",
            "what_if_it_ended": "They would come back; so what works goes on.",
            "why_less_is_right": "Without any support, too, less is needed than a year ago.",
        },
        by=CARE_COORDINATOR,
    )
    play.tell(
        "assessment.record_preventive_effect_shown",
        {
            "statement_id": statement["statement_id"],
            "shown_on": play.today(),
            "person_words": "That is right. What helps should go on.",
            "interpreter": telling.interpreter(play),
        },
        by=CARE_COORDINATOR,
    )
