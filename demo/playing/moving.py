"""The person moves to another area: the work goes on until the day, and ends on it."""

from demo.playing import ending, repaying
from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR

MOVES_AFTER_WEEKS = 3
TO_AREA = "Exampleshire Council"


def announce(play: Play) -> None:
    """Record the move that lies ahead: until then the person buys as ever."""
    play.tell(
        "assessment.record_move",
        {
            "person_id": play.known["person_id"],
            "moves_on": play.weeks_from_now(MOVES_AFTER_WEEKS).isoformat(),
            "source": "person",
            "to_area": TO_AREA,
        },
        by=CARE_COORDINATOR,
    )
    ending.wait_for_end(play, reason="moved")


def have_moved(play: Play) -> None:
    """Find the case closed on the day, by itself, and give notice of what is left.

    Raises:
        CaseFailedError: it goes on.
    """
    play.wait_for(
        "assessment.case",
        {"referral_id": play.known["referral_id"]},
        by=CARE_COORDINATOR,
        what="case closed",
        until=lambda found: found["referral"]["outcome"] == "closed",
    )
    ending.ask_in_vain(play)
    repaying.give_notice(play, ground="ended")
