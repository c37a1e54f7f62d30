"""An organisation refers the person."""

from typing import Any

from demo.playing.play import Play

STREET = ("1 Example Street", "Exampleton")  # the case files hold no street
SOURCES = {"nhs-trust": "nhs", "council": "council", "voluntary-broker": "voluntary_sector"}
HEARD_FROM = "A leaflet in the surgery"  # invented, and the same for everybody


def refer(play: Play) -> None:
    """Send the referral, and keep under which ids the case is found."""
    referral = request(play)
    play.note_id("referral_id", referral["referral_id"])
    answer = play.tell("assessment.receive_referral", referral)
    play.note_id("person_id", answer["person_id"])


def request(play: Play) -> dict[str, Any]:
    """Return the referral as the file has it, with what the file does not hold."""
    person = dict(play.case.person)
    person["address_lines"] = [*STREET, person.pop("postcode")]
    return {
        "referral_id": play.ids.text("referral"),
        "source": SOURCES[play.case.referral["organisation"]],
        "relation": None,
        "heard_from": HEARD_FROM,
        **play.case.referral,
        "person": person,
    }
