"""When a stream runs, how much of it becomes usable, and what is taken back."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.budget.accounts.rules import AccountKind, Entry, entry
from shared.errors import IdReusedError, NotFoundError, Refusal

MONTHS, WEEKS = 12, 52  # of a year, for what a week of a monthly stream comes to


class Recurrence(enum.StrEnum):
    """How often a stream has a period."""

    ONCE = "once"
    WEEK = "week"
    FOUR_WEEKS = "four_weeks"
    MONTH = "month"


class Leftover(enum.StrEnum):
    """What becomes, when a period is over, of money that was made usable and is not used."""

    CARRY = "carry"  # it stays
    LAPSE = "lapse"  # what is left of the period's allocation is unallocated again
    CLAW = "claw"  # what is beyond so many weeks of the stream is unallocated again


_DAYS = {Recurrence.WEEK: 7, Recurrence.FOUR_WEEKS: 28}


class AllocationNotFoundError(NotFoundError):
    """There is no such allocation."""

    code = "allocation_not_found"


class AllocationDiffersError(IdReusedError):
    """The id is that of another allocation."""


class AllocationEndedError(Refusal):
    """The allocation has ended, or has an end by another request."""

    code = "allocation_ended"
    next_step = "Nothing has to be done. Schedule another allocation if there is to be one."


class AllocationDatesWrongError(Refusal):
    """The days of a stream, or the day up to which it is run, cannot be."""

    code = "allocation_dates_wrong"
    next_step = "Let it start today or later, end after that, and run up to today at most."


class LeftoverWrongError(Refusal):
    """The rule for what is left does not fit the stream."""

    code = "leftover_rule_wrong"
    next_step = (
        "Give keep_weeks with claw and with nothing else; claw needs periods, and lapse an end."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """An allocation, with the day on which it really ends."""

    allocation_id: UUID
    budget_id: UUID
    funder_id: UUID
    recurrence: Recurrence
    amount_pence: int
    starts_on: date
    ends_on: date | None
    leftover: Leftover
    keep_weeks: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """What a stream's newest run left to the next one."""

    allocated_pence: int
    short_pence: int
    next_on: date | None
    is_closing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A run that is due: of a period, or the one that closes a stream and allocates nothing."""

    starts_on: date
    is_closing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One funder's own money in a budget, in pence."""

    unallocated_pence: int
    left_pence: int  # available, less what is held, charged and kept for a crisis: may be below 0

    @property
    def free_pence(self) -> int:
        """What may be taken: where others have more of it than there is, nothing."""
        return max(0, self.left_pence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One run: what became usable, what was taken back before, and what was not there."""

    stream: Stream
    period: Period
    allocated_pence: int
    taken_back_pence: int
    short_pence: int

    @property
    def reason(self) -> str:
        if self.period.is_closing:
            return f"{_TAKEN[self.stream.leftover]} The allocation has ended."
        if self.taken_back_pence:
            return f"{_TAKEN[self.stream.leftover]} {_ALLOCATED}"
        return _ALLOCATED


_ALLOCATED = "The allocation of a period became the person's to spend."
_TAKEN = {
    Leftover.CARRY: "What was not used stays.",
    Leftover.LAPSE: "What was not used of the period before is unallocated again.",
    Leftover.CLAW: "What was saved up beyond the weeks that may be kept is unallocated again.",
}


def see_that_days_follow(*, starts_on: date, ends_on: date | None, is_once: bool) -> None:
    """Look whether a stream ends after it starts; only one that runs once needs no end.

    Raises:
        AllocationDatesWrongError: it does not.
    """
    if ends_on is None and not is_once:
        raise AllocationDatesWrongError("An allocation that runs again and again has an end.")
    if ends_on is not None and ends_on <= starts_on:
        raise AllocationDatesWrongError("The allocation would end before it has begun.")


def see_that_it_is_not_past(day: date, *, today: date) -> None:
    """Look whether a day is not over: what was not usable then cannot become so afterwards.

    Raises:
        AllocationDatesWrongError: it is.
    """
    if day < today:
        raise AllocationDatesWrongError("That day is over.")


def see_that_it_is_not_ahead(day: date, *, today: date) -> None:
    """Look whether a day has come: nothing becomes usable before its day.

    Raises:
        AllocationDatesWrongError: it has not.
    """
    if day > today:
        raise AllocationDatesWrongError("That day is yet to come.")


def see_that_leftover_fits(
    leftover: Leftover, *, keep_weeks: int | None, is_once: bool, has_end: bool
) -> None:
    """Look whether what is to become of leftovers can be done in a stream.

    Raises:
        LeftoverWrongError: weeks are told without claw, or claw without weeks; there are no weeks
            of a stream that runs once, and no period after it in which its money could lapse.
    """
    if (leftover is Leftover.CLAW) != (keep_weeks is not None):
        raise LeftoverWrongError("Weeks to keep are told where the rest is taken, and only there.")
    if leftover is Leftover.CLAW and is_once:
        raise LeftoverWrongError("What runs once has no weeks.")
    if leftover is Leftover.LAPSE and not has_end:
        raise LeftoverWrongError("What has no end never lapses.")


def see_that_it_can_end(*, stream_ends_on: date | None, ends_on: date, today: date) -> None:
    """Look whether a stream can be given an earlier end.

    Tomorrow at the earliest: today's run may have been made.

    Raises:
        AllocationEndedError: it is over.
        AllocationDatesWrongError: the day is not ahead, or later than its end.
    """
    if stream_ends_on is not None and stream_ends_on <= today:
        raise AllocationEndedError("This allocation has ended.")
    if ends_on <= today:
        raise AllocationDatesWrongError("An allocation ends tomorrow at the earliest.")
    if stream_ends_on is not None and ends_on > stream_ends_on:
        raise AllocationDatesWrongError("The allocation ends before that day.")


def start_of_period(starts_on: date, recurrence: Recurrence, number: int) -> date:
    """Return the first day of a stream's period; ``number`` is 0 for the first one.

    Always reckoned from the stream's first day, so that nothing drifts: one that starts on the
    31st runs on the last day of shorter months and on the 31st of the next long one.
    """
    if recurrence is not Recurrence.MONTH:
        return starts_on + timedelta(days=number * _DAYS.get(recurrence, 0))
    years, month = divmod(starts_on.month - 1 + number, MONTHS)
    first = date(starts_on.year + years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return last.replace(day=min(starts_on.day, last.day))


def next_start(stream: Stream, period_starts_on: date) -> date | None:
    """Return the first day of the period after one, whether or not the stream goes on so long."""
    if stream.recurrence is Recurrence.ONCE:
        return None
    first = stream.starts_on
    if stream.recurrence is Recurrence.MONTH:
        years = period_starts_on.year - first.year
        number = years * MONTHS + period_starts_on.month - first.month
    else:
        number = (period_starts_on - first).days // _DAYS[stream.recurrence]
    return start_of_period(first, stream.recurrence, number + 1)


def due(stream: Stream, last: LastRun | None, *, on: date) -> Iterator[Period]:
    """Yield the runs of a stream that are due up to a day, in order.

    One that takes back what is left has a run more on the day on which it has ended.
    """
    if last is not None and last.is_closing:
        return
    next_on = stream.starts_on if last is None else last.next_on
    has_run = last is not None
    while next_on is not None and next_on <= on and _is_within(stream, next_on):
        yield Period(starts_on=next_on, is_closing=False)
        has_run = True
        next_on = next_start(stream, next_on)
    ends_on = stream.ends_on
    if ends_on is None or ends_on > on or not has_run or stream.leftover is Leftover.CARRY:
        return
    yield Period(starts_on=ends_on, is_closing=True)


def _is_within(stream: Stream, day: date) -> bool:
    return stream.ends_on is None or day < stream.ends_on


def kept_pence(stream: Stream) -> int:
    """Return what a person may have saved up of a stream that claws, rounded up to a penny."""
    weeks = stream.keep_weeks or 0
    if stream.recurrence is Recurrence.MONTH:
        return -(-stream.amount_pence * weeks * MONTHS // WEEKS)
    return -(-stream.amount_pence * weeks * 7 // _DAYS[stream.recurrence])


def taken_back_pence(stream: Stream, last: LastRun | None, *, free_pence: int) -> int:
    """Return what is unallocated again when the next period begins. Never what is held.

    Args:
        stream: whose leftovers they are.
        last: the run before; the first one finds nothing left.
        free_pence: what is free now of this funder's money.
    """
    if last is None or stream.leftover is Leftover.CARRY:
        return 0
    if stream.leftover is Leftover.LAPSE:
        return min(last.allocated_pence, free_pence)
    return max(0, free_pence - kept_pence(stream))


def make(
    stream: Stream, period: Period, *, last: LastRun | None, standing: Standing
) -> tuple[Made, Standing]:
    """Make one run, and return it with how the funder's money stands after it.

    No more becomes usable than is unallocated. What is short is made up by later runs where the
    stream carries, and lost to the period where it does not.
    """
    taken_pence = taken_back_pence(stream, last, free_pence=standing.free_pence)
    there_pence = standing.unallocated_pence + taken_pence
    wanted_pence = 0 if period.is_closing else stream.amount_pence
    if last is not None and stream.leftover is Leftover.CARRY:
        wanted_pence += last.short_pence
    allocated_pence = min(wanted_pence, there_pence)
    made = Made(
        stream=stream,
        period=period,
        allocated_pence=allocated_pence,
        taken_back_pence=taken_pence,
        short_pence=wanted_pence - allocated_pence,
    )
    after = Standing(
        unallocated_pence=there_pence - allocated_pence,
        left_pence=standing.left_pence - taken_pence + allocated_pence,
    )
    return made, after


def as_last(made: Made) -> LastRun:
    """Return a run as the next one of its stream sees it."""
    is_closing = made.period.is_closing
    return LastRun(
        allocated_pence=made.allocated_pence,
        short_pence=made.short_pence,
        next_on=None if is_closing else next_start(made.stream, made.period.starts_on),
        is_closing=is_closing,
    )


def run_entries(made: Made) -> list[Entry]:
    """Return the entries of a run: what is taken back, then what becomes usable."""
    funder_id = made.stream.funder_id
    return [
        *set_aside_entries(funder_id, amount_pence=made.taken_back_pence),
        *release_entries(funder_id, amount_pence=made.allocated_pence),
    ]


def set_aside_entries(funder_id: UUID, *, amount_pence: int) -> list[Entry]:
    """Return the entries of money that is not the person's to spend any more, or not yet."""
    if not amount_pence:
        return []
    return [entry(funder_id, AccountKind.AVAILABLE, AccountKind.UNALLOCATED, amount_pence)]


def release_entries(funder_id: UUID, *, amount_pence: int) -> list[Entry]:
    """Return the entries of money that becomes available."""
    if not amount_pence:
        return []
    return [entry(funder_id, AccountKind.UNALLOCATED, AccountKind.AVAILABLE, amount_pence)]
