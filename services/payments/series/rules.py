"""When an occurrence of a series is due, and whether it keeps within its caps."""

import enum
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from services.payments.holds.rules import WhyUnused
from shared.errors import NotFoundError, Refusal
from shared.money import pounds


class Every(enum.StrEnum):
    """How long it is from one occurrence to the next."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    FOUR_WEEKS = "four_weeks"
    MONTH = "month"


class Period(enum.StrEnum):
    """What a series' second cap is for."""

    WEEK = "week"  # from Monday
    MONTH = "month"
    YEAR = "year"  # the public sector's: from 1 April


class SeriesState(enum.StrEnum):
    ASKED = "asked"
    ACTIVE = "active"
    ENDED = "ended"


DAYS = {Every.WEEK: 7, Every.FORTNIGHT: 14, Every.FOUR_WEEKS: 28}
MONTHS_IN_YEAR = 12
APRIL = 4
NOT_TAKEN = WhyUnused(
    code="not_taken",
    reason="The next one of this series is due, and this one was not used.",
    next_step="Use the next one; ask for a purchase by itself if both are wanted.",
)
SERIES_ENDED = WhyUnused(
    code="series_ended",
    reason="Its series has ended, and it was not used.",
    next_step="Ask for a purchase by itself if it is still wanted.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From one day to another, both of them included."""

    first: date
    last: date


class UnknownSeriesError(NotFoundError):
    """There is no such series."""

    code = "unknown_series"


class SeriesOverError(Refusal):
    """The series has ended."""

    code = "series_over"
    next_step = "Start another one."


class SeriesInThePastError(Refusal):
    """It would begin on a day that has passed."""

    code = "series_in_the_past"
    next_step = "Let it begin today or later."


class PeriodCapReachedError(Refusal):
    """The cap of this period leaves too little for another occurrence."""

    code = "period_cap_reached"
    next_step = "Wait for the next period, or start a series with a higher cap."

    def __init__(self, *, cap_pence: int, spent_pence: int) -> None:
        super().__init__(
            f"Of {pounds(cap_pence)} for this period {pounds(spent_pence)} is spent or set aside.",
            cap_pence=cap_pence,
            spent_pence=spent_pence,
        )


def next_due(*, starts_on: date, every: Every, after: date) -> date:
    """Return the first day after ``after`` on which an occurrence is due.

    By month it is the day of the month on which the series began, or the month's last.
    """
    if every in DAYS:
        step = DAYS[every]
        passed = max(0, (after - starts_on).days // step + 1)
        return starts_on + timedelta(days=passed * step)
    months = 0
    while (due := _months_later(starts_on, months)) <= after:
        months += 1
    return due


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, MONTHS_IN_YEAR)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def period_of(day: date, period: Period) -> Days:
    """Return the days of the period in which a day lies."""
    if period is Period.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Days(first=monday, last=monday + timedelta(days=6))
    if period is Period.MONTH:
        return Days(
            first=day.replace(day=1), last=day.replace(day=monthrange(day.year, day.month)[1])
        )
    begins_in = day.year if day.month >= APRIL else day.year - 1
    return Days(first=date(begins_in, APRIL, 1), last=date(begins_in + 1, APRIL - 1, 31))


def times_in_period(*, starts_on: date, every: Every, period: Days) -> int:
    """Return how often an occurrence is due in a period."""
    times, day = 0, max(period.first, starts_on) - timedelta(days=1)
    while (day := next_due(starts_on=starts_on, every=every, after=day)) <= period.last:
        times += 1
    return times


def most_tolerance_pence(*, amount_pence: int, cap_pence: int, times: int) -> int:
    """Return what each occurrence of a period may cost beyond its amount, within the cap.

    The cap is what was approved, so the tolerances of all of them are within it; where it leaves
    nothing beyond the amounts, there are none.
    """
    return max(0, cap_pence - times * amount_pence) // max(1, times)


def check_start(*, starts_on: date, today: date) -> None:
    """See that a series begins today or later.

    Raises:
        SeriesInThePastError: it does not.
    """
    if starts_on < today:
        raise SeriesInThePastError("This day has passed.", today=today.isoformat())


def check_approval(*, state: SeriesState) -> None:
    """See that a series can still be approved.

    Raises:
        SeriesOverError: it cannot.
    """
    if state is SeriesState.ENDED:
        raise SeriesOverError("This series has ended.")


def check_period(*, amount_pence: int, spent_pence: int, cap_pence: int) -> None:
    """See that another occurrence keeps within the period's cap.

    Raises:
        PeriodCapReachedError: it does not.
    """
    if spent_pence + amount_pence > cap_pence:
        raise PeriodCapReachedError(cap_pence=cap_pence, spent_pence=spent_pence)
