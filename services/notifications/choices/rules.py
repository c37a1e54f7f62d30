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


def london_day(instant: datetime) -> date:
    """Return the day that people here have on their calendar at ``instant``."""
    return instant.astimezone(_LONDON).date()


def london_time(instant: datetime) -> str:
    """Return what clocks here show at ``instant``, in 24 hours: ``10:30``."""
    return f"{instant.astimezone(_LONDON):%H:%M}"


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


def next_safe(safe_from: str, safe_until: str, *, at: datetime) -> datetime | None:
    """Return when contact is safe again, or None if it is safe at ``at``.

    Args:
        safe_from: the first minute of the day at which it is, 09:30, by the clock in London.
        safe_until: the first at which it is not any more; before ``safe_from``, on the next day.
        at: an instant, aware.
    """
    here = at.astimezone(_LONDON)
    begins, ends = time.fromisoformat(safe_from), time.fromisoformat(safe_until)
    now = here.time()
    is_safe = begins <= now < ends if begins < ends else now >= begins or now < ends
    if is_safe:
        return None
    day = here.date() if now < begins else here.date() + timedelta(days=1)
    return datetime.combine(day, begins, tzinfo=_LONDON).astimezone(UTC)


def _hours_of(day: date, hours: OpenHours, bank_holidays: Collection[date]) -> Hours | None:
    is_free = day.weekday() >= _SATURDAY or day in bank_holidays
    return hours.free_days if is_free else hours.weekdays
