"""The person lacks capacity for this decision now: somebody whom they chose signs for them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from demo.case import AlongTheWay
from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR, Holder

NAME = "Robin Example"


def appoint(play: Play) -> None:
    """Record the attorney, what they may do, and on what ground."""
    play.tell(
        "assessment.appoint_representative",
        {
            "person_id": play.known["person_id"],
            "representative_id": play.ids.text("representative"),
            "kind": "attorney",
            "name": NAME,
            "scopes": ["sign_plan"],
            "basis": "A registered lasting power of attorney, seen by the care coordinator",
            "starts_on": play.today(),
            "ends_on": None,
            "email": None,
            "mobile": None,
        },
        by=CARE_COORDINATOR,
    )


def who_signs(play: Play) -> Holder | None:
    """Return who signs for the person; nobody where it is the attorney, who cannot sign in yet."""
    return None if play.case.has(AlongTheWay.REPRESENTED) else play.holder


def as_who_signs(play: Play) -> Mapping[str, Any]:
    """Return what an attorney says beside signing, straight to the service: who they are, and why.

    The person says nothing more.
    """
    if not play.case.has(AlongTheWay.REPRESENTED):
        return {}
    today = date.fromisoformat(play.today())
    basis = (
        f"{CARE_COORDINATOR.name} and a psychiatrist talked with the person on"
        f" {today.day} {today:%B %Y}: they"
        " cannot weigh up this decision at present (Mental Capacity Act 2005, sections 2 and 3)."
        " What they want is in the plan in their own words."
    )
    return {
        "role": "person",
        "signatory_id": play.ids.text("representative"),
        "capacity_basis": basis,
        "is_comfortable": None,
        "worry": None,
    }
