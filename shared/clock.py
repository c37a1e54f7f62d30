"""The suite's clock. Nobody else asks the system for the time: handlers are given it."""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


class ClockSetInProductionError(Exception):
    """Somebody set the suite's clock where real people depend on it."""


def now() -> datetime:
    """Return the suite's time, aware and in UTC.

    The demo, the tests and the benchmarks set the clock with
    ``COMMONPURSE_CLOCK_OFFSET_SECONDS``, the same for every process of a stack.

    Raises:
        ClockSetInProductionError: the clock is set and the settings say production.
    """
    offset_seconds = int(os.environ.get("COMMONPURSE_CLOCK_OFFSET_SECONDS", "0"))
    if offset_seconds and os.environ.get("COMMONPURSE_ENVIRONMENT") == "production":
        raise ClockSetInProductionError("Unset COMMONPURSE_CLOCK_OFFSET_SECONDS.")
    return system_time() + timedelta(seconds=offset_seconds)


def system_time() -> datetime:
    """Return the real time, for what others sign and for leases: never for a rule."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks the system


def day_in_london(at: datetime) -> date:
    """Return the day it is in London at an instant: the day by which books and deadlines count."""
    return at.astimezone(LONDON).date()


def offset_seconds_to(starts_at: datetime) -> int:
    """Return the offset, in seconds, with which the suite's clock reads ``starts_at`` now."""
    return round((starts_at - system_time()).total_seconds())


def next_tuesday_at_ten() -> datetime:
    """Return ten o'clock in London on this week's coming Tuesday: today, if today is one.

    The demo, the tests and the benchmarks start then, so that no run depends on the weekday
    or the hour at which somebody happens to start it.
    """
    today = system_time().astimezone(LONDON)
    tuesday = today + timedelta(days=(1 - today.weekday()) % 7)
    return tuesday.replace(hour=10, minute=0, second=0, microsecond=0)
