"""The person withdraws consent in the middle of the assessment, and gives it again."""

from collections.abc import Mapping
from typing import Any

from demo.playing.play import Play

ORGANISATION = "council"
PURPOSE = "assessment"


def withdraw_and_give_again(play: Play, *, contribution: Mapping[str, Any]) -> None:
    """Withdraw consent: what the organisation sends meanwhile is refused and not kept.

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
            "withdrawal_id": play.ids.text("withdrawal"),
            "withdrawn_on": today,
            "evidence": "Rang the care coordinator",
        },
    )
    meanwhile = {**contribution, "contribution_id": play.ids.text("contribution/meanwhile")}
    play.be_refused(
        "assessment.contribute", meanwhile, code="consent_not_in_force", about="meanwhile"
    )
    play.tell(
        "assessment.record_consent",
        {
            **about,
            "consent_id": play.ids.text("consent"),
            "given_on": today,
            "ends_on": None,
            "evidence": "In writing, after somebody explained what the council would see",
        },
    )
