"""The person appeals against a lower amount: the one before stands, and it is worked out anew."""

from collections.abc import Mapping
from typing import Any

from demo.playing import appealing, assessing
from demo.playing.play import CaseFailedError, Play
from demo.playing.refusing import SISTER

LATER_IN_THE_MORNING = "T08:30:00+00:00"  # after they were seen lower, before the clock begins


def appeal(play: Play, *, lower: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    """Appeal against a lower amount; somebody new upholds it, and both sides see the person again.

    Raises:
        CaseFailedError: the amount before does not stand while somebody looks at it, or after it.
    """
    against = {
        "amount": {"referral_id": play.known["referral_id"], "version": lower["version"]},
    }
    appeal_id = appealing.lodge(
        play,
        against=against,
        grounds="I nodded when it was read to me. The low days are back, and it was not asked.",
        supporter=SISTER,
    )
    _see_that_it_stands(play, before, when="while the appeal is open")
    appealing.uphold(
        play,
        appeal_id,
        reasons="It was measured on a good week. Both sides ask again, over the whole year.",
    )
    for number, (organisation, contribution) in enumerate(assessing.contributions(play)):
        seen = {**contribution, "as_of": play.today() + LATER_IN_THE_MORNING}
        assessing.contribute(play, seen, by=organisation, about=f"{number} after the appeal")
    anew = assessing.offer(play, about="after the appeal")
    if anew["blocked"] is not None:
        raise CaseFailedError("the same levels as at first are held up")
    _see_that_it_stands(play, before, when="when it was worked out anew")


def _see_that_it_stands(play: Play, before: Mapping[str, Any], *, when: str) -> None:
    standing = play.read_case()["indicative_budget"]
    if standing["total_pence"] != before["total_pence"]:
        raise CaseFailedError(f"the amount before does not stand {when}")
