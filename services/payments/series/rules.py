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


class SeriesKind(enum.StrEnum):
    """Who buys what a series is for."""

    BROKER = "broker"  # one purchase each time, as the plan says
    HOLDER = "holder"  # the person or their nominee, with a card of their own, up to an allowance


class Period(enum.StrEnum):
    """What a series' second cap is for."""

    WEEK = "week"  # from Monday
    MONTH = "month"
    YEAR = "year"  # the public sector's: from 1 April


class SeriesState(enum.StrEnum):
    ASKED = "asked"
    ACTIVE = "active"
    ENDED = "ended"


# How long an allowance may last. A hold of the ledger lasts thirty days and a month can have one
# more: on its last day nothing could be paid.
ALLOWANCE_PERIODS = (Every.WEEK, Every.FORTNIGHT, Every.FOUR_WEEKS)
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
ALLOWANCE_OVER = "allowance_over"  # why an allowance ends; nobody is told that they spent nothing


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


class ItemNotByCardError(Refusal):
    """The plan does not have this item paid by card."""

    code = "item_not_by_card"
    next_step = "Name an item that the plan has paid by card, or change the plan."


class HolderIsStaffError(Refusal):
    """Whoever works with people does not have a person's card."""

    code = "holder_is_staff"
    next_step = "Name the person, or the nominee who acts for them."


class HoldersCardClosedError(Refusal):
    """Somebody closed the card that a person holds themselves: none comes by itself after it."""

    code = "holders_card_closed"
    next_step = "End this series; start another one if they are to have a card again."


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


def check_holder(*, is_by_card: bool, is_staff: bool) -> None:
    """See that an item can be bought with a card of the person's own, or of their nominee.

    Args:
        is_by_card: whether the plan has the item paid by card.
        is_staff: whether the holder is in anybody's care team: their cards bear a broker's name.

    Raises:
        ItemNotByCardError, HolderIsStaffError: it cannot.
    """
    if not is_by_card:
        raise ItemNotByCardError("The plan does not have this item paid by card.")
    if is_staff:
        raise HolderIsStaffError("This is somebody who works with people; the card is a person's.")


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
