"""Dates as people here count them: in London, and in working days."""

from datetime import date, datetime, timedelta

from shared.clock import LONDON

_SATURDAY = 5


def date_of(at: datetime) -> date:
    """Return the date that a calendar on a wall in London shows at ``at``."""
    return at.astimezone(LONDON).date()


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
