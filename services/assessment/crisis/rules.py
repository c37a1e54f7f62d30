"""When a crisis plan can be put in force, up to what, and when it ends by itself."""

import enum
from datetime import date, timedelta
from typing import ClassVar

from shared.errors import Refusal

# Local policy, to be confirmed by whoever runs this: no law sets the figure.
HAND_BACK_AFTER_DAYS = 28
# Local policy, to be confirmed: nobody is in a crisis for longer without somebody looking again.
PROLONG_AT_MOST_DAYS = 28


class ActivatedBy(enum.StrEnum):
    """Who may say that there is a crisis. Nobody asks for proof: it costs a promise, no more."""

    PERSON = "person"
    NOMINEE = "nominee"
    WORKER = "worker"
    PARTNER = "partner"  # another organisation: a ward, the police, a helpline


class EndedBy(enum.StrEnum):
    """Who ended a crisis."""

    PERSON = "person"
    NOMINEE = "nominee"
    WORKER = "worker"
    PARTNER = "partner"
    CLOCK = "clock"  # the day of hand-back went by
    CASE_CLOSED = "case_closed"  # the person has died, or has moved away


class NoCrisisPlanError(Refusal):
    """There is no approved plan with a crisis plan to put in force."""

    code = "no_crisis_plan"
    next_step: ClassVar[str] = "Ask for a rapid review of this case."


class CrisisOverError(Refusal):
    """What is over is not prolonged."""

    code = "crisis_over"
    next_step: ClassVar[str] = "Put the crisis plan in force again: it is another crisis."


class HandBackDayError(Refusal):
    """A crisis is prolonged to a later day, and not for ever."""

    code = "hand_back_day_wrong"
    next_step: ClassVar[str] = (
        "Give a day later than the one that is set, and at most so many days from today as the"
        " details say; it can be prolonged again."
    )


def check_prolonged(*, is_over: bool, hands_back_on: date, to: date, today: date) -> None:
    """Refuse to prolong what is over, to an earlier day, or too far at once.

    Args:
        is_over: somebody, or the clock, has ended it.
        hands_back_on: when it ends by itself as it stands.
        to: the new day.
        today: the day it is.
    """
    if is_over:
        raise CrisisOverError("This crisis is over.")
    if not hands_back_on < to <= today + timedelta(days=PROLONG_AT_MOST_DAYS):
        raise HandBackDayError(
            "A crisis is not prolonged to that day.",
            field="hand_back_on",
            at_most_days=PROLONG_AT_MOST_DAYS,
        )


def hand_back_on(activated_on: date) -> date:
    """Return on which day the budget is the person's own to manage again, by itself."""
    return activated_on + timedelta(days=HAND_BACK_AFTER_DAYS)


def is_over(*, hands_back_on: date, today: date) -> bool:
    """Tell whether a crisis ends by itself today."""
    return today >= hands_back_on


def cap_pence(*, stated_pence: int, reserve_pence: int) -> int:
    """Return how much of the funders' reserve one crisis may use, in pence.

    Args:
        stated_pence: what the crisis plan says.
        reserve_pence: what the funders promised when the amount was worked out last: it may have
            become less since the plan was made.
    """
    return min(stated_pence, reserve_pence)
