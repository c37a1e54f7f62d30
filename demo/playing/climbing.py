"""Nobody is sure: the plan climbs the ladder, with each worry on the record."""

from demo.playing import deciding
from demo.playing.deciding import SignedPlan
from demo.playing.play import CaseFailedError, Play
from demo.staff import RISK_ENABLEMENT_PANEL

WORRIES = {
    "team_manager": "Would it go on helping once the novelty is gone?",
    "multidisciplinary_team": "Could it be too much at once, so soon after the last bad weeks?",
}


def climb(play: Play, signed: SignedPlan) -> SignedPlan:
    """Let each rung ask the next, and return the plan as it lies with the panel."""
    while signed.rung != RISK_ENABLEMENT_PANEL.role:
        worry = WORRIES.get(signed.rung)
        if worry is None:
            raise CaseFailedError(f"nobody here is worried on the rung {signed.rung!r}")
        asked = deciding.say(play, signed, outcome="escalate", reasons=worry)
        signed = signed.at(asked["next_rung"])
    return signed
