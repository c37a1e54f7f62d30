"""When something that happens again and again is due."""

from datetime import date, timedelta
from itertools import count

DAYS = {"week": 7, "four_weeks": 28}


def starts(first, recurrence, *, before, until):
    """Yield the first day of each period, from the first one on.

    Args:
        first: the day on which it begins.
        recurrence: once, week, four_weeks or month.
        before: the day on which it has ended; None without one.
        until: the last day that is looked at.
    """
    for number in count():
        day = _start(first, recurrence, number)
        if day > until or (before is not None and day >= before):
            return
        yield day
        if recurrence == "once":
            return


def _start(first, recurrence, number):
    if recurrence in DAYS:
        return first + timedelta(days=number * DAYS[recurrence])
    months = first.year * 12 + first.month - 1 + (number if recurrence == "month" else 0)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(months // 12, months % 12 + 1, min(first.day, last))
