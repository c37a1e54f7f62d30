"""Where a message is on its way, and how days are put into words."""

import enum
from datetime import date, datetime
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")


class Importance(enum.StrEnum):
    CRITICAL = "critical"  # later passes quiet hours
    NORMAL = "normal"


class MessageState(enum.StrEnum):
    """Where a message is. It only ever moves down this list; the last two are ends."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"
    DELIVERED = "delivered"  # the truth, even if we had given it up before we heard of it


def day_in_words(day: date) -> str:
    """Return ``3 March 2026``."""
    return f"{day.day} {day:%B %Y}"


def london_day(instant: datetime) -> date:
    """Return the day that people here have on their calendar at ``instant``."""
    return instant.astimezone(_LONDON).date()


def is_later(state: MessageState, *, than: MessageState) -> bool:
    """Tell whether ``state`` goes beyond ``than``, so that any order of news ends the same."""
    order = list(MessageState)
    return order.index(state) > order.index(than)
