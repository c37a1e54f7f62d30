"""The person withdraws consent in the middle of the assessment, and gives it again."""

from collections.abc import Mapping
from typing import Any

from demo.partner_systems import TRUST
from demo.playing.play import Play

ORGANISATION = "council"
PURPOSE = "assessment"


def withdraw_and_give_again(play: Play, *, contribution: Mapping[str, Any]) -> None:
    """Withdraw consent: what the organisation sends meanwhile is refused and not kept.

    The person rings and writes to their coordinator, whose trust's system sends it.

    Raises:
        CaseFailedError: it was taken all the same.
    """
    about = {
        "person_id": play.known["person_id"],
        "purpose": PURPOSE,
        "organisation": ORGANISATION,
    }
    today = play.today()
    withdrawn = {**about, "withdrawn_on": today, "evidence": "Rang the care coordinator"}
    play.send("consent.withdraw.v1", withdrawn, by=TRUST)
    play.be_rejected(
        "assessment.contribute.v1",
        contribution,
        by=ORGANISATION,
        code="consent_not_in_force",
        about="meanwhile",
    )
    evidence = "In writing, after somebody explained what the council would see"
    play.send("consent.record.v1", {**about, "given_on": today, "evidence": evidence}, by=TRUST)
