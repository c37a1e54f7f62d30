"""The person appeals, and somebody who had no hand in it says: you are right."""

from collections.abc import Mapping
from typing import Any

from demo.playing.play import CaseFailedError, Play
from demo.staff import APPEALS_OFFICER


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
    lodge(play, against=against, grounds=grounds, supporter=supporter)
    uphold(play, against=against, reasons=reasons)


def lodge(
    play: Play, *, against: Mapping[str, Any], grounds: str, supporter: Mapping[str, str]
) -> None:
    """Lodge an appeal against a refusal, a decision or an ``amount``."""
    (what,) = against
    play.tell(
        "assessment.lodge_appeal",
        {
            "appeal_id": play.ids.text(f"appeal/{what}"),
            "decision_id": None,
            "refusal_id": None,
            "amount": None,
            **against,
            "lodged_by_role": "person",
            "grounds": grounds,
            "supporter": supporter,
        },
        about=what,
    )


def uphold(play: Play, *, against: Mapping[str, Any], reasons: str) -> None:
    """Let somebody new say: you are right.

    Raises:
        CaseFailedError: and nothing comes of it.
    """
    (what,) = against
    play.tell(
        "assessment.record_reporting_line",
        {"staff_id": APPEALS_OFFICER.staff_id, "reports_to_id": None},
        about=what,
    )
    decided = play.tell(
        "assessment.decide_appeal",
        {
            "appeal_id": play.ids.text(f"appeal/{what}"),
            "decider_id": APPEALS_OFFICER.staff_id,
            "decider_role": APPEALS_OFFICER.role,
            "outcome": "upheld",
            "reasons": reasons,
            "evidence": ["A talk with the person and whoever supports them"],
            "next_route": None,
        },
        about=what,
    )
    if not decided["is_reopened"]:
        raise CaseFailedError("the appeal was upheld, and what it is against is not open again")
