"""The budget has an end, and nothing is done on the case any more: what others see of it."""

from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR


def wait_for_end(play: Play, *, reason: str) -> None:
    """Wait until budget has heard why there is an end."""
    play.wait_for(
        "budget.closing_statement",
        {"budget_id": play.known["budget_id"]},
        by=CARE_COORDINATOR,
        what="budget ended",
        until=lambda found: found["reason"] == reason,
    )


def ask_in_vain(play: Play) -> None:
    """Let a worker who has not heard ask for a review: that is refused, kindly.

    Raises:
        CaseFailedError: it was not.
    """
    play.be_refused(
        "assessment.request_review",
        {
            "referral_id": play.known["referral_id"],
            "trigger": "I have not reached the person for a while",
        },
        by=CARE_COORDINATOR,
        code="case_closed",
        about="in vain",
    )
