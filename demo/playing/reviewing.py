"""A review: asked for with one message, held at once, with what came of each goal."""

from demo.case import SupportPlan
from demo.playing.play import Play


def review(
    play: Play,
    *,
    plan: SupportPlan,
    asked_by: str,
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
            "review_id": play.ids.text(f"review/{about}"),
            "referral_id": play.known["referral_id"],
            "asked_by": asked_by,
            "trigger": trigger,
        },
        about=about,
    )
    hold(play, plan=plan, held_on=asked["opens_on"], conclusions=conclusions, about=about)


def hold(play: Play, *, plan: SupportPlan, held_on: str, conclusions: str, about: str) -> None:
    """Hold the reviews that are open on a day."""
    play.tell(
        "assessment.hold_review",
        {
            "meeting_id": play.ids.text(f"meeting/{about}"),
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
        about=about,
    )
