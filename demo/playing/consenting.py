"""The person withdraws consent in the middle of the assessment, and gives it again."""

from collections.abc import Mapping
from typing import Any

from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR

ORGANISATION = "council"
PURPOSE = "assessment"


def withdraw_and_give_again(play: Play, *, contribution: Mapping[str, Any]) -> None:
    """Withdraw consent: what the organisation sends meanwhile is refused and not kept.

    The person rings and writes to their coordinator, who records it.

    Raises:
        CaseFailedError: it was taken all the same.
    """
    about = {
        "person_id": play.known["person_id"],
        "purpose": PURPOSE,
        "organisation": ORGANISATION,
    }
    today = play.today()
    play.tell(
        "assessment.withdraw_consent",
        {
            **about,
            "withdrawn_on": today,
            "evidence": "Rang the care coordinator",
        },
        by=CARE_COORDINATOR,
    )
    play.be_rejected(
        "assessment.contribute.v1",
        contribution,
        by=ORGANISATION,
        code="consent_not_in_force",
        about="meanwhile",
    )
    play.tell(
        "assessment.record_consent",
        {
            **about,
            "given_on": today,
            "ends_on": None,
            "evidence": "In writing, after somebody explained what the council would see",
        },
        by=CARE_COORDINATOR,
    )
