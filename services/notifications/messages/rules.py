"""Where a message is on its way, and how dates and decisions are put into words."""

import enum
from datetime import date, datetime
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


class Importance(enum.StrEnum):
    CRITICAL = "critical"  # passes quiet hours, and cannot be declined
    NORMAL = "normal"


class MessageState(enum.StrEnum):
    """Where a message is. What becomes of its deliveries moves it; the last four are ends."""

    WAITING = "waiting"  # a delivery of it is to be sent
    HELD = "held"  # it may not be sent now; there is a reason
    ACCEPTED = "accepted"  # a provider has it
    SUPPRESSED = "suppressed"  # nobody is to be told
    CANCELLED = "cancelled"  # somebody took it back before a provider had it
    FAILED = "failed"  # no channel reached the person: somebody has to tell them
    DELIVERED = "delivered"  # the truth, even if we had given it up before we heard of it


class DeliveryState(enum.StrEnum):
    """Where a message by one channel is. It only ever moves down this list."""

    READY = "ready"
    WITHDRAWN = "withdrawn"  # before a provider had it
    ACCEPTED = "accepted"
    FAILED = "failed"
    DELIVERED = "delivered"


def day_in_words(day: date) -> str:
    """Return ``3 March 2026``."""
    return f"{day.day} {day:%B %Y}"


def london_day(instant: datetime) -> date:
    """Return the day that people here have on their calendar at ``instant``."""
    return instant.astimezone(_LONDON).date()


def decider_in_words(rung: str) -> str:
    """Return a rung of the ladder as it is read: ``team manager``."""
    return rung.replace("_", " ")


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


def is_later(state: DeliveryState, *, than: DeliveryState) -> bool:
    """Tell whether ``state`` goes beyond ``than``, so that any order of news ends the same."""
    order = list(DeliveryState)
    return order.index(state) > order.index(than)


def change_in_words(*, is_agreed: bool) -> str:
    """Say whether somebody else comes."""
    return "Somebody else will work with you." if is_agreed else "It stays as it is for now."


NOTHING_MORE = "Nothing more was said about single things."
NOTHING_TO_DO = "You do not have to do anything."


def refusal_in_words(*, is_in_part: bool) -> str:
    """Say how much of a plan was refused."""
    if is_in_part:
        return "We agreed a part of your plan, and another part not."
    return "We did not agree your plan."


def appeal_in_words(*, is_upheld: bool, is_reopened: bool, is_of_amount: bool) -> str:
    """Say what came of an appeal, and whether the decision is made anew."""
    if not is_upheld:
        return "The decision stays as it was."
    if is_of_amount:
        return (
            "You were right. We work the amount out again with you."
            if is_reopened
            else "You were right. The amount has been worked out again since you asked."
        )
    if is_reopened:
        return "You were right. It is decided on anew, by somebody else."
    return "You were right. Your plan can be changed, with what we found."
