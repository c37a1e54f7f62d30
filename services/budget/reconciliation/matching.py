"""Proposing matches: pure, and the same for every order in which the lines come.

Each rule looks at all that is unmatched, finds every fit, and takes those that share no line with
another fit. What fits in more ways than one is in doubt, and so is everything that it would fit:
it stands aside from the weaker rules, but counts there as a candidate, so that nothing becomes
"the only one" because the others are disputed.

The work grows with the lines and never with their combinations. Lines are found by reference,
amount or day in sorted lists, and sums over days are differences of running totals. Subsets are
tried in one place alone, ``_sums_of``: of eight movements at most, and for a hint, not a match.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from typing import Any

from services.budget.reconciliation import rules
from services.budget.reconciliation.rules import (
    MOST_CANDIDATES,
    TOLERANCE_DAYS,
    LedgerLine,
    OutsideLine,
    Rule,
    Side,
    Why,
)

_Keys = Callable[["_Item"], Iterable[Hashable]]

MOST_IN_A_SUM = 8  # movements of one day that hints are looked for in: 247 sums at most
ANY_DAY = 4_000_000  # more days than there are in dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Lines that are the same money, and the rule that says so."""

    rule: Rule
    outside: tuple[OutsideLine, ...]
    ledger: tuple[LedgerLine, ...]

    @property
    def lines(self) -> Sequence[OutsideLine | LedgerLine]:
        return (*self.outside, *self.ledger)

    @property
    def amount_pence(self) -> int:
        """What moved; nothing where lines of one side cancel one another out."""
        return rules.total_pence(self.ledger)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """One outside line, or the lines of one movement; why; and the first lines it may be."""

    side: Side
    lines: tuple[Any, ...]
    why: Why
    candidates: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals:
    """Every line that was given is in one match, or in one of the unmatched."""

    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]


def propose(
    outside: Collection[OutsideLine],
    ledger: Collection[LedgerLine],
    *,
    settled: Collection[str] = (),
    undone: Collection[frozenset[Any]] = (),
) -> Proposals:
    """Match what can be matched without doubt.

    Args:
        outside: lines that are not matched yet, each once.
        ledger: lines that are not matched yet, each once.
        settled: references of ledger lines that are matched already. A line that names one is
            about that money: it is no candidate by its amount alone.
        undone: the keys of the lines of each match that was undone. Somebody said that these are
            not the same money, so no rule says it again.
    """
    work = _Work(outside, ledger, undone)
    _pair(work, Rule.SAME_REFERENCE, _name_and_amount)
    _gather(work, Rule.SHARED_REFERENCE, Side.OUTSIDE, _name_and_direction)
    _gather(work, Rule.PARTS, Side.LEDGER, _name_and_direction)
    work.set_aside_what_refers(settled)
    _pair(work, Rule.SAME_AMOUNT, _amount)
    _gather(work, Rule.SAME_DAY, Side.OUTSIDE, _day_and_direction, asks=_days_near)
    return Proposals(matches=tuple(work.matches), unmatched=tuple(work.unmatched()))


@dataclass(frozen=True, slots=True)
class _Item:
    """An outside line, or a movement in the ledger: the lines of one journal in one direction."""

    pence: int
    day: int
    names: frozenset[str]
    lines: tuple[Any, ...]

    @property
    def is_in(self) -> bool:
        return self.pence > 0


def _outside_items(lines: Iterable[OutsideLine]) -> list[_Item]:
    in_order = sorted(lines, key=lambda line: (line.booked_on, line.key))
    return [
        _Item(
            line.amount_pence, line.booked_on.toordinal(), rules.names_in(line.reference), (line,)
        )
        for line in in_order
    ]


def _movements_of(lines: Iterable[LedgerLine]) -> list[_Item]:
    """Return what each journal moves in each direction."""
    moved: dict[tuple[Any, bool], list[LedgerLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line.occurred_on, line.key)):
        moved[line.journal_id, line.amount_pence > 0].append(line)
    return [
        _Item(
            rules.total_pence(together),
            together[0].occurred_on.toordinal(),
            frozenset(rules.name_of(name) for line in together for name in line.references) - {""},
            tuple(together),
        )
        for together in moved.values()
    ]


class _Pile:
    """Items of one side by key, each key's in the order of their days."""

    def __init__(self, items: Sequence[_Item], numbers: Iterable[int], keys: _Keys) -> None:
        self._keys = keys
        self._numbers: dict[Hashable, list[int]] = defaultdict(list)
        for number in sorted(numbers):
            for key in keys(items[number]):
                self._numbers[key].append(number)
        self._days = {
            key: [items[number].day for number in numbers] for key, numbers in self._numbers.items()
        }
        self._totals = {
            key: list(accumulate((items[number].pence for number in numbers), initial=0))
            for key, numbers in self._numbers.items()
        }
        self._spans: dict[tuple[Hashable, int, int], int] = {}
        self._sets: dict[tuple[int, ...], int] = {}

    def first_near(self, item: _Item, days: int) -> list[int]:
        """Return the first few items that share a key with this one, within so many days."""
        found: set[int] = set()
        for key in self._keys(item):
            first, end = self._span(key, item.day, days)
            found.update(self.of(key)[first : min(end, first + MOST_CANDIDATES)])
        return sorted(found)[:MOST_CANDIDATES]

    def making_up(self, item: _Item, days: int, asks: _Keys) -> set[int]:
        """Return which of ``sets`` are two or more items, all that shares a key, and its amount."""
        found = set()
        for key in asks(item):
            first, end = self._span(key, item.day, days)
            if end - first > 1 and self._total(key, first, end) == item.pence:
                found.add(self._set_of(key, first, end))
        return found

    @property
    def sets(self) -> list[tuple[int, ...]]:
        """Return the sets of items that were found to make something up, by their number."""
        return list(self._sets)

    def of(self, key: Hashable) -> Sequence[int]:
        return self._numbers.get(key, ())

    def _span(self, key: Hashable, day: int, days: int) -> tuple[int, int]:
        at = self._days.get(key, ())
        return bisect_left(at, day - days), bisect_right(at, day + days)

    def _total(self, key: Hashable, first: int, end: int) -> int:
        return self._totals[key][end] - self._totals[key][first]

    def _set_of(self, key: Hashable, first: int, end: int) -> int:
        """Return the number of the set in a span: however many lines ask, it is made once."""
        span = (key, first, end)
        if span not in self._spans:
            members = tuple(self._numbers[key][first:end])
            self._spans[span] = self._sets.setdefault(members, len(self._sets))
        return self._spans[span]


def _sums_of(movements: Sequence[_Item], numbers: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Return each sum of two or more of these few movements, with the fewest that make it."""
    sums: dict[int, tuple[int, ...]] = {}
    for size in range(2, len(numbers) + 1):
        for several in combinations(numbers, size):
            sums.setdefault(sum(movements[number].pence for number in several), several)
    return sums


def _name_and_amount(item: _Item) -> Iterator[Hashable]:
    return ((name, item.pence) for name in item.names)


def _name_and_direction(item: _Item) -> Iterator[Hashable]:
    return ((name, item.is_in) for name in item.names)


def _name(item: _Item) -> Iterable[Hashable]:
    return item.names


def _amount(item: _Item) -> Iterable[Hashable]:
    return (item.pence,)


def _day_and_direction(item: _Item) -> Iterable[Hashable]:
    return ((item.day, item.is_in),)


def _days_near(item: _Item) -> Iterator[Hashable]:
    days = TOLERANCE_DAYS[Rule.SAME_DAY]
    return ((item.day + away, item.is_in) for away in range(-days, days + 1))


class _Work:
    """What is matched, what is in doubt, what stands aside and what is free, as the rules go on."""

    def __init__(
        self,
        outside: Iterable[OutsideLine],
        ledger: Iterable[LedgerLine],
        undone: Iterable[frozenset[Any]],
    ) -> None:
        self.items = {Side.OUTSIDE: _outside_items(outside), Side.LEDGER: _movements_of(ledger)}
        self.matches: list[Match] = []
        self.open = {side: set(range(len(items))) for side, items in self.items.items()}
        self.free = {side: set(numbers) for side, numbers in self.open.items()}
        self._candidates: dict[tuple[Side, int], Sequence[int]] = {}
        self._referring: set[tuple[Side, int]] = set()
        self._undone = set(undone)

    def pile(self, side: Side, keys: _Keys) -> _Pile:
        return _Pile(self.items[side], self.open[side], keys)

    def match(self, rule: Rule, numbers: Mapping[Side, Sequence[int]]) -> None:
        lines = {
            side: [line for number in numbers[side] for line in self.items[side][number].lines]
            for side in Side
        }
        is_undone = frozenset(line.key for side in Side for line in lines[side]) in self._undone
        for side, matched in numbers.items():
            for number in matched:
                if is_undone:
                    self.doubt(side, number, numbers[_other(side)])
                else:
                    self.open[side].discard(number)
                    self.free[side].discard(number)
        if not is_undone:
            outside, ledger = tuple(lines[Side.OUTSIDE]), tuple(lines[Side.LEDGER])
            self.matches.append(Match(rule=rule, outside=outside, ledger=ledger))

    def doubt(self, side: Side, number: int, candidates: Sequence[int]) -> None:
        """Take an item out of what the weaker rules may match; its first doubt is the one told."""
        self.free[side].discard(number)
        self._candidates.setdefault((side, number), candidates[:MOST_CANDIDATES])

    def set_aside_what_refers(self, settled: Collection[str]) -> None:
        """Keep what refers to the other side's money from being matched by its amount alone."""
        known = {side: self._names(_other(side)) for side in Side}
        known[Side.OUTSIDE] |= {rules.name_of(reference) for reference in settled}
        for side, names in known.items():
            for number in sorted(self.free[side]):
                if not names.isdisjoint(self.items[side][number].names):
                    self.free[side].discard(number)
                    self._referring.add((side, number))

    def _names(self, side: Side) -> set[str]:
        return {name for item in self.items[side] for name in item.names}

    def unmatched(self) -> Iterator[Unmatched]:
        hints = _Hints(self.items[Side.LEDGER], self.pile(Side.LEDGER, _day_and_direction))
        alike = {side: self.pile(_other(side), _name) for side in Side}
        for side in Side:
            for number in sorted(self.open[side]):
                item = self.items[side][number]
                if (side, number) in self._candidates:
                    why, found = Why.IN_DOUBT, self._candidates[side, number]
                elif (side, number) in self._referring:
                    why, found = Why.DIFFERS, alike[side].first_near(item, ANY_DAY)
                else:
                    found = hints.adding_up_to(item) if side is Side.OUTSIDE else ()
                    why = Why.ADDS_UP if found else Why.NOTHING_ALIKE
                yield self._unmatched(side, item, why, found)

    def _unmatched(self, side: Side, item: _Item, why: Why, found: Sequence[int]) -> Unmatched:
        others = self.items[_other(side)]
        lines = [line for number in found for line in others[number].lines]
        return Unmatched(side=side, lines=item.lines, why=why, candidates=tuple(lines))


def _other(side: Side) -> Side:
    return Side.LEDGER if side is Side.OUTSIDE else Side.OUTSIDE


def _pair(work: _Work, rule: Rule, keys: _Keys) -> None:
    """Match one with one, where each is all that the other could be."""
    days = TOLERANCE_DAYS[rule]
    piles = {side: work.pile(_other(side), keys) for side in Side}
    near = {
        side: {
            number: piles[side].first_near(work.items[side][number], days)
            for number in sorted(work.free[side])
        }
        for side in Side
    }
    for line, found in near[Side.OUTSIDE].items():
        if len(found) == 1 and near[Side.LEDGER].get(found[0]) == [line]:
            work.match(rule, {Side.OUTSIDE: [line], Side.LEDGER: found})
    for side, fits in near.items():
        for number, found in fits.items():
            if found and number in work.free[side]:
                work.doubt(side, number, found)


def _gather(
    work: _Work, rule: Rule, one_side: Side, keys: _Keys, *, asks: _Keys | None = None
) -> None:
    """Match one of ``one_side`` with several of the other, where no other set would do."""
    many_side = _other(one_side)
    pile = work.pile(many_side, keys)
    asking: dict[int, list[int]] = defaultdict(list)
    for number in sorted(work.free[one_side]):
        item = work.items[one_side][number]
        for set_number in pile.making_up(item, TOLERANCE_DAYS[rule], asks or keys):
            asking[set_number].append(number)
    fits = {
        several: asking[set_number]
        for set_number, several in enumerate(pile.sets)
        if work.free[many_side] >= {*several}
    }
    used = Counter(number for several in fits for number in several)
    ways = Counter(number for ones in fits.values() for number in ones)
    for several, ones in sorted(fits.items()):
        if ways[ones[0]] == len(ones) == 1 and all(used[number] == 1 for number in several):
            work.match(rule, {one_side: ones, many_side: several})
            continue
        for number in ones:
            work.doubt(one_side, number, several)
        for number in several:
            work.doubt(many_side, number, ones)


class _Hints:
    """Movements of a day that add up to an outside line: shown, and never taken for a match."""

    def __init__(self, movements: Sequence[_Item], by_day: _Pile) -> None:
        self._movements = movements
        self._by_day = by_day
        self._sums: dict[Hashable, Mapping[int, tuple[int, ...]]] = {}

    def adding_up_to(self, item: _Item) -> tuple[int, ...]:
        found = (self._sums_on(key).get(item.pence, ()) for key in _days_near(item))
        return next(filter(None, found), ())

    def _sums_on(self, day: Hashable) -> Mapping[int, tuple[int, ...]]:
        if day not in self._sums:
            numbers = self._by_day.of(day)
            is_few = len(numbers) <= MOST_IN_A_SUM
            self._sums[day] = _sums_of(self._movements, numbers) if is_few else {}
        return self._sums[day]
