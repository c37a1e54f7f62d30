"""Dates as offices in England count them: in working days."""

from datetime import date, timedelta
from functools import cache

from holidays import HolidayBase, country_holidays

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
