"""When direct payments are due."""

import enum
from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid5

from services.budget.allocations.rules import Recurrence as EveryRecurrence
from services.budget.allocations.rules import start_of_period
from shared.errors import Refusal


class Recurrence(enum.StrEnum):
    """How often a direct payment is made."""

    WEEK = "week"
    FOUR_WEEKS = "four_weeks"
    MONTH = "month"


class ScheduleDatesWrongError(Refusal):
    """A schedule, or the period of a return, would end before it starts."""

    code = "dates_wrong"
    next_step = "Let it end after the day on which it starts."


class ScheduleBeforeNewestError(Refusal):
    """Another schedule of the item starts on a later day, or the same."""

    code = "schedule_before_newest"
    next_step = "Let it start after the day on which the newest schedule of the item starts."


class NotDueYetError(Refusal):
    """The day has not come."""

    code = "not_due_yet"
    next_step = "Ask for today or a day that is past."


def see_that_dates_follow(*, starts_on: date, ends_on: date, newest_starts_on: date | None) -> None:
    """Look whether a schedule has days, and comes after the one before it, which it ends.

    Raises:
        ScheduleDatesWrongError: it has none.
        ScheduleBeforeNewestError: it would change what is scheduled for days before.
    """
    if ends_on <= starts_on:
        raise ScheduleDatesWrongError("It would end before it starts.")
    if newest_starts_on is not None and starts_on <= newest_starts_on:
        raise ScheduleBeforeNewestError(
            "A schedule of this item starts later.", newest_starts_on=newest_starts_on.isoformat()
        )


def see_that_it_has_come(day: date, *, today: date) -> None:
    """Look whether a day is not to come.

    Raises:
        NotDueYetError: it is.
    """
    if day > today:
        raise NotDueYetError("This day has not come.", today=today.isoformat())


def period_start(starts_on: date, recurrence: Recurrence, number: int) -> date:
    """Return the first day of a period; the first one has the number 0.

    Months are counted from the day on which the schedule starts: one that starts on the 31st is
    paid on the last day of a shorter month, and on the 31st again after it.
    """
    return start_of_period(starts_on, EveryRecurrence(recurrence.value), number)


def due_periods(
    starts_on: date, recurrence: Recurrence, *, ends_on: date, on: date
) -> Iterator[date]:
    """Yield the first day of each period that is due on a day, which is when it is paid.

    Args:
        starts_on: the first day of the schedule.
        recurrence: how often.
        ends_on: the first day for which nothing is paid.
        on: the day.
    """
    number = 0
    while (start := period_start(starts_on, recurrence, number)) <= on and start < ends_on:
        yield start
        number += 1


def payment_id(schedule_id: UUID, period_starts_on: date) -> UUID:
    """Return the id of the payment for a period: always the same, so it is made once."""
    return uuid5(schedule_id, period_starts_on.isoformat())
