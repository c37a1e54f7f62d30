"""The person lacks capacity for this decision now: somebody whom they chose signs for them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from demo.case import AlongTheWay
from demo.playing.play import Play
from demo.staff import ATTORNEY, ATTORNEY_ID, ATTORNEY_NAME, CARE_COORDINATOR, Holder


def appoint(play: Play) -> None:
    """Record the attorney, what they may do, and on what ground."""
    play.tell(
        "assessment.appoint_representative",
        {
            "person_id": play.known["person_id"],
            "representative_id": ATTORNEY_ID,
            "kind": "attorney",
            "name": ATTORNEY_NAME,
            "scopes": ["sign_plan"],
            "basis": "A registered lasting power of attorney, seen by the care coordinator",
            "starts_on": play.today(),
            "ends_on": None,
            "email": None,
            "mobile": None,
            "nhs_number": ATTORNEY.nhs_number,
        },
        by=CARE_COORDINATOR,
    )


def who_signs(play: Play) -> Holder:
    """Return who signs as the person: they themselves, or whom they chose."""
    return ATTORNEY if play.case.has(AlongTheWay.REPRESENTED) else play.holder


def beside_signing(play: Play) -> Mapping[str, Any]:
    """Return what an attorney says beside signing: why it is they. The person says nothing more."""
    if not play.case.has(AlongTheWay.REPRESENTED):
        return {}
    today = date.fromisoformat(play.today())
    basis = (
        f"{CARE_COORDINATOR.name} and a psychiatrist talked with the person on"
        f" {today.day} {today:%B %Y}: they"
        " cannot weigh up this decision at present (Mental Capacity Act 2005, sections 2 and 3)."
        " What they want is in the plan in their own words."
    )
    return {"capacity_basis": basis}
