"""A review: asked for with one message, held at once, with what came of each goal."""

from demo.case import SupportPlan
from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR, Colleague, Holder


def review(
    play: Play,
    *,
    plan: SupportPlan,
    asked_by: Colleague | Holder,
    trigger: str,
    conclusions: str,
    about: str = "",
) -> None:
    """Ask for a rapid review and hold it; ``about`` tells it from others of the case.

    What the person says of each goal is invented: the file has none of it.
    """
    asked = play.tell(
        "assessment.request_review",
        {
            "referral_id": play.known["referral_id"],
            "trigger": trigger,
        },
        by=asked_by,
        about=about,
    )
    hold(play, plan=plan, held_on=asked["opens_on"], conclusions=conclusions, about=about)


def hold(play: Play, *, plan: SupportPlan, held_on: str, conclusions: str, about: str) -> None:
    """Hold the reviews that are open on a day."""
    play.tell(
        "assessment.hold_review",
        {
            "referral_id": play.known["referral_id"],
            "held_on": held_on,
            "attendee_roles": ["broker", "care_coordinator"],
            "person_present": True,
            "absent_because": None,
            "conclusions": conclusions,
            "goals": [
                {
                    "goal": goal,
                    "words": "It has begun, and it helps.",
                    "self_rating": None,
                    "may_quote": False,
                }
                for goal in sorted({item.goal for item in plan.items})
            ],
        },
        by=CARE_COORDINATOR,
        about=about,
    )
