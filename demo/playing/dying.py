"""The person dies; or somebody recorded that wrongly, and it is taken back."""

from demo.case import SupportPlan
from demo.partner_systems import TRUST
from demo.playing import ending, reviewing
from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR


def die(play: Play) -> None:
    """Have the trust report the death: the case is closed, and nobody asks anything more.

    Raises:
        CaseFailedError: somebody could.
    """
    estate = {"name": "The person's sister", "contact": "By letter, through the ward"}
    died = {"person_id": play.known["person_id"], "died_on": play.today(), "estate": estate}
    play.send("death.notify.v1", died, by=TRUST)
    ending.ask_in_vain(play)
    ending.wait_for_end(play, reason="died")


def take_back(play: Play) -> None:
    """Have the trust say that the person lives, and wait until budget has heard it."""
    reason = "Somebody of the same name had died on the ward."
    lives = {"person_id": play.known["person_id"], "reason": reason}
    play.send("death.withdraw.v1", lives, by=TRUST)
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
