"""Dates as offices count them: in working days; and dates that cannot be."""

from datetime import date, timedelta
from typing import ClassVar

from shared.errors import Refusal

_SATURDAY = 5


def working_days_after(day: date, *, working_days: int) -> date:
    """Return the date so many working days after ``day``.

    Saturdays and Sundays do not count. Bank holidays do: they differ between the nations and
    come with the deadlines of a later release.
    """
    while working_days > 0:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY:
            working_days -= 1
    return day


class DateInFutureError(Refusal):
    """What has not happened yet cannot be recorded as done."""

    code = "date_in_future"
    next_step: ClassVar[str] = "Check the date that the details name."


class EndsBeforeStartError(Refusal):
    """A time that ends before it starts."""

    code = "ends_before_start"
    next_step: ClassVar[str] = "Check the two dates that the details name."


def check_happened(day: date, *, today: date, field: str) -> None:
    """Refuse a day that has not come yet.

    Raises:
        DateInFutureError: names the field.
    """
    if day > today:
        raise DateInFutureError("This date lies in the future.", field=field)


def check_order(*, starts_on: date, ends_on: date | None, field: str) -> None:
    """Refuse an end before its start. No end: it goes on.

    Raises:
        EndsBeforeStartError: names the field.
    """
    if ends_on is not None and ends_on < starts_on:
        raise EndsBeforeStartError("This ends before it starts.", field=field)
