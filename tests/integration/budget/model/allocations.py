"""A funder's money that becomes the person's to spend bit by bit."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.integration.budget.model.books import moved
from tests.integration.budget.model.calendar import DAYS, starts
from tests.integration.budget.model.ways import Ways


@dataclass
class ModelRun:
    """What one period of a stream came to."""

    allocated: int
    short: int


@dataclass
class ModelStream:
    """An allocation, and its runs."""

    funder: object
    recurrence: str
    amount: int
    starts_on: date
    ends_on: date | None
    leftover: str
    keep_weeks: int | None
    runs: list = field(default_factory=list)
    is_closed: bool = False  # its last run took back what was left
    has_early_end: bool = False

    @property
    def kept(self):
        """What a person may have saved up where the rest is taken back, rounded up."""
        if self.recurrence == "month":
            return -(-self.amount * self.keep_weeks * 12 // 52)
        return -(-self.amount * self.keep_weeks * 7 // DAYS[self.recurrence])


@dataclass(kw_only=True)
class Allocations(Ways):
    """The streams of a budget."""

    streams: dict = field(default_factory=dict)  # by their ids

    def is_scheduled(self, funder, on):
        return any(one.funder == funder and self._goes_on(one, on) for one in self.streams.values())

    def _goes_on(self, stream, on):
        over_on = stream.ends_on or stream.starts_on + timedelta(days=1)
        return over_on > on and not self.has_ended(on)

    def charged(self, funder):
        """Return what the person was charged towards a funder's part, and not given back."""
        return -(self.accounts[funder, "charge_due"] + self.accounts[funder, "charged"])

    def own_free(self, funder):
        """Return what is free of a funder's own money, without what is kept for a crisis."""
        free = self.free(funder) - self.charged(funder) - self.in_crisis(funder)
        return max(0, free)

    def schedule(self, stream_id, stream):
        """Set aside what is free of the funder's money, unless a stream made it so."""
        if self.ends_on is not None:
            return "budget_ended"
        is_first = not self.is_scheduled(stream.funder, self.today)
        set_aside = self.own_free(stream.funder) if is_first else 0
        self.streams[stream_id] = stream
        moves = moved(stream.funder, "available", "unallocated", set_aside)
        self.book("allocation", stream_id, moves)
        return set_aside

    def end_stream(self, stream_id, ends_on):
        stream = self.streams[stream_id]
        is_over = stream.ends_on is not None and stream.ends_on <= self.today
        if stream.has_early_end:
            return None if stream.ends_on == ends_on else "allocation_ended"
        if is_over or self.ends_on is not None:
            return "allocation_ended"
        if stream.ends_on is not None and ends_on > stream.ends_on:
            return "allocation_dates_wrong"
        stream.ends_on, stream.has_early_end = ends_on, True
        return None

    def run_what_is_due(self):
        """Make every run that is due, the oldest first; return how many.

        Of a budget that has ended nothing is due: what is unallocated becomes available.
        """
        if self.has_ended(self.today):
            self.release_all()
            return 0
        due = sorted(
            (day, stream_id, is_closing)
            for stream_id, stream in self.streams.items()
            for day, is_closing in self._runs_due(stream)
        )
        for day, stream_id, is_closing in due:
            self._run(stream_id, self.streams[stream_id], day, is_closing=is_closing)
        return len(due)

    def _runs_due(self, stream):
        """Yield the days on which something was or is due, and whether it is the last run."""
        days = list(
            starts(stream.starts_on, stream.recurrence, before=stream.ends_on, until=self.today)
        )
        yield from ((day, False) for day in days[len(stream.runs) :] if not stream.is_closed)
        ends_on = stream.ends_on or date.max
        if days and ends_on <= self.today and stream.leftover != "carry" and not stream.is_closed:
            yield ends_on, True

    def _run(self, stream_id, stream, day, *, is_closing):
        funder, last = stream.funder, stream.runs[-1] if stream.runs else None
        taken = self._taken_back(stream, last)
        there = self.accounts[funder, "unallocated"] + taken
        wanted = 0 if is_closing else stream.amount
        wanted += last.short if last and stream.leftover == "carry" else 0
        allocated = min(wanted, there)
        stream.runs.append(ModelRun(allocated, wanted - allocated))
        stream.is_closed = is_closing
        moves = [
            *moved(funder, "available", "unallocated", taken),
            *moved(funder, "unallocated", "available", allocated),
        ]
        self.book("allocation", stream_id, moves, on=self.today, occurred_on=day)

    def _taken_back(self, stream, last):
        """Return what is unallocated again when the next period begins. Never what is held."""
        free = self.own_free(stream.funder)
        if last is None or stream.leftover == "carry":
            return 0
        return (
            min(last.allocated, free) if stream.leftover == "lapse" else max(0, free - stream.kept)
        )

    def release(self, pence):
        """Make money available that was not allocated, by funder, so that it can go back."""
        moves = []
        for funder, amount in pence.items():
            moves += moved(funder, "unallocated", "available", amount)
        self.book("allocation", None, moves)

    def release_all(self):
        self.release({one: self.accounts[one, "unallocated"] for one in self.funders})
