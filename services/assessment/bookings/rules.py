"""What a booking of the joint assessment must say."""

import enum
from datetime import datetime
from typing import ClassVar

from shared.errors import Refusal


class Way(enum.StrEnum):
    """How people meet."""

    AT_HOME = "at_home"  # the person's own: where that is, the person knows
    AT_PLACE = "at_place"  # the only one for which a place is told
    BY_PHONE = "by_phone"
    BY_VIDEO = "by_video"


class BookedForPastError(Refusal):
    """Nobody can come to what has begun."""

    code = "booked_for_the_past"
    next_step: ClassVar[str] = "Book a time that is still to come."


def check_to_come(starts_at: datetime, *, at: datetime) -> None:
    if starts_at <= at:
        raise BookedForPastError("This time has gone by.", field="starts_at")


def is_place_needed(way: Way) -> bool:
    return way is Way.AT_PLACE
