"""An organisation refers the person: a partner by a message of its own system, a broker by hand."""

from collections.abc import Mapping
from typing import Any

from demo.partner_systems import CODES
from demo.playing.play import Play
from demo.staff import BROKER

STREET = ("1 Example Street", "Exampleton")  # the case files hold no street
HEARD_FROM = "A leaflet in the surgery"  # invented, and the same for everybody


def refer(play: Play) -> None:
    """Send the referral, and keep under which ids the case is found."""
    answer = sent(play, request(play), by=play.case.referral["organisation"])
    play.note_id("referral_id", answer["referral_id"])
    play.note_id("person_id", answer["person_id"])


def sent(play: Play, referral: Mapping[str, Any], *, by: str, about: str = "") -> Mapping[str, Any]:
    """Have an organisation refer somebody; the answer names the referral and the person."""
    if by in CODES:
        return play.send("referral.submit.v1", referral, by=by, about=about)
    answer: Mapping[str, Any] = play.tell(
        "assessment.receive_referral", {"relation": None, **referral}, by=BROKER, about=about
    )
    return answer


def request(play: Play) -> dict[str, Any]:
    """Return the referral as the file has it, with what the file does not hold.

    Which organisation refers somebody is whose worker, or whose system, does.
    """
    person = dict(play.case.person)
    person["address_lines"] = [*STREET, person.pop("postcode")]
    referral = dict(play.case.referral)
    del referral["organisation"]
    return {"heard_from": HEARD_FROM, **referral, "person": person}
