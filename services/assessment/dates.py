"""Dates as offices in England count them: in working days; and dates that cannot be."""

from datetime import date, timedelta
from functools import cache
from typing import ClassVar

from holidays import HolidayBase, country_holidays

from shared.errors import Refusal

_SATURDAY = 5


@cache
def _bank_holidays() -> HolidayBase:
    """Return England's bank holidays; the library works each year out when it is first asked."""
    return country_holidays("GB", subdiv="ENG")


def is_working_day(day: date) -> bool:
    """Tell whether offices work: not on Saturdays, Sundays and bank holidays of England.

    Bank holidays are those of the Banking and Financial Dealings Act 1971 and of proclamations
    that the pinned release of ``holidays`` knows; one proclaimed later needs a newer release.
    """
    return day.weekday() < _SATURDAY and day not in _bank_holidays()


def working_days_after(day: date, *, working_days: int) -> date:
    """Return the date so many working days after ``day``."""
    while working_days > 0:
        day += timedelta(days=1)
        if is_working_day(day):
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
