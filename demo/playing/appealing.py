"""The person appeals, and somebody who had no hand in it says: you are right."""

from collections.abc import Mapping
from typing import Any

from demo.playing.play import CaseFailedError, Play
from demo.staff import ADMINISTRATOR, APPEALS_OFFICER


def win(
    play: Play,
    *,
    against: Mapping[str, str],
    grounds: str,
    supporter: Mapping[str, str],
    reasons: str,
) -> None:
    """Lodge an appeal and have it upheld, so that what was refused is open again.

    Args:
        play: whose appeal.
        against: the ``refusal_id`` of a referral or the ``decision_id`` of a plan.
        grounds: what the person says.
        supporter: who helps them.
        reasons: why they are right.
    """
    appeal_id = lodge(play, against=against, grounds=grounds, supporter=supporter)
    uphold(play, appeal_id, reasons=reasons)


def lodge(
    play: Play, *, against: Mapping[str, Any], grounds: str, supporter: Mapping[str, str]
) -> str:
    """Lodge an appeal against a refusal, a decision or an ``amount``, and return its id."""
    (what,) = against
    lodged = play.tell(
        "assessment.lodge_appeal",
        {
            **against,
            "grounds": grounds,
            "supporter": supporter,
        },
        by=play.holder,
        about=what,
    )
    return str(lodged["appeal_id"])


def uphold(play: Play, appeal_id: str, *, reasons: str) -> None:
    """Let somebody new say: you are right.

    Raises:
        CaseFailedError: and nothing comes of it.
    """
    play.tell(
        "assessment.record_reporting_line",
        {"staff_id": APPEALS_OFFICER.staff_id, "reports_to_id": None},
        by=ADMINISTRATOR,
        about=appeal_id,
    )
    decided = play.tell(
        "assessment.decide_appeal",
        {
            "appeal_id": appeal_id,
            "outcome": "upheld",
            "reasons": reasons,
            "evidence": ["A talk with the person and whoever supports them"],
            "next_route": None,
        },
        by=APPEALS_OFFICER,
        about=appeal_id,
    )
    if not decided["is_reopened"]:
        raise CaseFailedError("the appeal was upheld, and what it is against is not open again")
