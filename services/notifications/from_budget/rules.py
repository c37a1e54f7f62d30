"""What budget decides, as people read it."""

from datetime import date

from services.notifications.messages.rules import day_in_words


def decision_in_words(outcome: str, *, total: str) -> str:
    """Return what a reconsideration came to, as it is read."""
    return {
        "upheld": f"We still plan to take back {total}.",
        "reduced": f"We take back less. It is {total} now.",
        "withdrawn": "We do not take anything back.",
    }[outcome]


def who_pays_in_words(paid_by: str, *, payable_on: date) -> str:
    """Return who must pay something back, and by when, as it is read."""
    by_when = day_in_words(payable_on)
    if paid_by == "host":
        return f"You do not have to do anything. It is paid from your budget by {by_when}."
    who = {"person": "You pay it", "nominee": "Your nominee pays it"}.get(
        paid_by, "Your representative pays it"
    )
    return f"{who} back by {by_when}."


def over_in_words(gap: str | None) -> str:
    """Return what a plan that costs less than was spent means for the person."""
    if gap is None:
        return "You do not have to do anything."
    return f"It is {gap} less than what was used. Your care goes on, and we look at it with you."


def end_in_words(reason: str) -> str | None:
    """Return why a budget ends, or None if it is not for us to tell."""
    return {
        "plan_ended": "Your plan has come to its end.",
        "persons_wish": "You asked us to end it.",
        "moved": "You live in another area from then on.",
    }.get(reason)
