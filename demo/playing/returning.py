"""Whoever decides sends the plan back with a question; its next version answers it."""

from collections.abc import Mapping
from typing import Any

from demo.playing import deciding
from demo.playing.deciding import SignedPlan
from demo.playing.play import CaseFailedError, Play

QUESTION = "Who comes along if it is too much on a bad day?"
ANSWER: Mapping[str, str] = {
    "risk": "On a bad day I may not get there alone",
    "what_helps": "My brother comes along, and I ring him the evening before",
}
SIGNATURES = 3


def send_back(play: Play, signed: SignedPlan) -> None:
    """Return the plan, with the reason for which it comes back."""
    deciding.say(
        play,
        signed,
        outcome="return",
        reasons=f"The plan is nearly there. One thing is open: {QUESTION}",
    )


def check_signatures_voided(drafted: Mapping[str, Any]) -> None:
    """See that nobody's signature counts for what they have not read.

    Raises:
        CaseFailedError: one does.
    """
    if len(drafted["voided_signatures"]) != SIGNATURES:
        raise CaseFailedError("the plan was changed, and a signature still counts")
