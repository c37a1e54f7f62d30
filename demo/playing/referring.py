"""An organisation refers the person."""

from typing import Any

from demo.playing.play import Play
from demo.staff import REFERS

STREET = ("1 Example Street", "Exampleton")  # the case files hold no street
HEARD_FROM = "A leaflet in the surgery"  # invented, and the same for everybody


def refer(play: Play) -> None:
    """Send the referral, and keep under which ids the case is found."""
    who = REFERS[play.case.referral["organisation"]]
    answer = play.tell("assessment.receive_referral", request(play), by=who)
    play.note_id("referral_id", answer["referral_id"])
    play.note_id("person_id", answer["person_id"])


def request(play: Play) -> dict[str, Any]:
    """Return the referral as the file has it, with what the file does not hold.

    Which organisation refers somebody is whose worker does.
    """
    person = dict(play.case.person)
    person["address_lines"] = [*STREET, person.pop("postcode")]
    referral = dict(play.case.referral)
    del referral["organisation"]
    return {"relation": None, "heard_from": HEARD_FROM, **referral, "person": person}
