"""When people may be written to, by the clock in London."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From the beginning of one hour of the day up to the beginning of another: at least one."""

    opens: int  # 0 to 23
    closes: int  # 1 to 24


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHours:
    """When somebody may be written to; outside these hours it is quiet."""

    weekdays: Hours = Hours(opens=8, closes=20)
    # At weekends and on bank holidays; none: not at all.
    free_days: Hours | None = Hours(opens=9, closes=18)


WORKING_HOURS = OpenHours(weekdays=Hours(opens=9, closes=17), free_days=None)  # our own policy


def next_opening(
    hours: OpenHours, *, at: datetime, bank_holidays: Collection[date]
) -> datetime | None:
    """Return when it is quiet no more, or None if it is not quiet at ``at``.

    Args:
        hours: when somebody may be written to, by the clock in London, summer and winter.
        at: an instant, aware.
        bank_holidays: days that count as Sundays.
    """
    here = at.astimezone(_LONDON)
    today = _hours_of(here.date(), hours, bank_holidays)
    if today is not None and today.opens <= here.hour < today.closes:
        return None
    is_to_come = today is not None and here.hour < today.opens
    day = here.date() if is_to_come else here.date() + timedelta(days=1)
    while (there := _hours_of(day, hours, bank_holidays)) is None:
        day += timedelta(days=1)
    return datetime.combine(day, time(there.opens), tzinfo=_LONDON).astimezone(UTC)


def _hours_of(day: date, hours: OpenHours, bank_holidays: Collection[date]) -> Hours | None:
    is_free = day.weekday() >= _SATURDAY or day in bank_holidays
    return hours.free_days if is_free else hours.weekdays
