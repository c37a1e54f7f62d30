"""Dates as offices count them: in working days."""

from datetime import date, timedelta

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
