"""The person dies; or somebody recorded that wrongly, and it is taken back."""

from demo.case import SupportPlan
from demo.playing import ending, reviewing
from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR


def die(play: Play) -> None:
    """Record the death: the case is closed, the budget ends, and nobody asks anything more.

    Raises:
        CaseFailedError: somebody could.
    """
    play.tell(
        "assessment.record_death",
        {
            "person_id": play.known["person_id"],
            "died_on": play.today(),
            "estate": {"name": "The person's sister", "contact": "By letter, through the ward"},
        },
        by=CARE_COORDINATOR,
    )
    ending.ask_in_vain(play)
    ending.wait_for_end(play, reason="died")


def take_back(play: Play) -> None:
    """Say that the person lives, and wait until budget has heard it."""
    play.tell(
        "assessment.correct_death",
        {
            "person_id": play.known["person_id"],
            "reason": "Somebody of the same name had died on the ward.",
        },
        by=CARE_COORDINATOR,
    )
    play.wait_for(
        "budget.closing_statement",
        {"budget_id": play.known["budget_id"]},
        by=CARE_COORDINATOR,
        what="death taken back",
        until=lambda found: found["is_death_taken_back"],
    )


def look_again(play: Play, *, plan: SupportPlan) -> None:
    """Hold the review that was asked for by itself: what was broken off, and what begins anew."""
    reviewing.hold(
        play,
        plan=plan,
        held_on=play.today(),
        conclusions="We are sorry. Everything was bought by then; the next plan has a new budget.",
        about="after the correction",
    )
