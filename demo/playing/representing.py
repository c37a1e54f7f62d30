"""The person lacks capacity for this decision now: somebody whom they chose signs for them."""

from datetime import date

from demo.case import AlongTheWay
from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR

NAME = "Robin Example"


def appoint(play: Play) -> None:
    """Record the attorney, what they may do, and on what ground."""
    play.tell(
        "assessment.appoint_representative",
        {
            "appointment_id": play.ids.text("appointment"),
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
    )


def who_signs(play: Play) -> tuple[str, str | None]:
    """Return who signs for the person, and if it is not they, why."""
    if not play.case.has(AlongTheWay.REPRESENTED):
        return play.known["person_id"], None
    today = date.fromisoformat(play.today())
    basis = (
        f"{CARE_COORDINATOR.name} and a psychiatrist talked with the person on"
        f" {today.day} {today:%B %Y}: they"
        " cannot weigh up this decision at present (Mental Capacity Act 2005, sections 2 and 3)."
        " What they want is in the plan in their own words."
    )
    return play.ids.text("representative"), basis
