"""The books of one budget in plain Python: journals, and what accounts have come to by them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime


def moved(funder, source, target, pence):
    """Return how pence leave one account of a funder's and reach another; or go back."""
    return [(funder, source, -pence), (funder, target, pence)]


@dataclass(kw_only=True)
class Journal:
    """Something that was written down, once and for good."""

    kind: str
    source: object
    effective_on: date
    occurred_on: date
    moves: list  # of funder, account and pence: credits above nothing, debits below
    reference: str | None = None  # of the payment that it books
    is_reversal: bool = False
    is_reversed: bool = False

    @property
    def is_wrong(self):
        """It was put right, or puts another one right: neither can be put right again."""
        return self.is_reversal or self.is_reversed


@dataclass(kw_only=True)
class Books:
    """What every funder has in every account, and how that came about."""

    funders: tuple  # the organisations
    codes: dict  # by which the others' accounts call a funder
    host: object
    person: object
    now: datetime
    ends_on: date | None = None  # the first day on which nothing new is bought
    journals: list = field(default_factory=list)
    accounts: Counter = field(default_factory=Counter)  # by funder and name: credits less debits

    @property
    def today(self):
        return self.now.date()

    def has_ended(self, on):
        return self.ends_on is not None and self.ends_on <= on

    def due_to(self, funder):
        return f"due_to {self.codes[funder]}"

    def due_from(self, funder):
        return f"due_from {self.codes[funder]}"

    def settled(self, funder):
        return f"settled {self.codes[funder]}"

    def book(self, kind, source, moves, *, on=None, occurred_on=None, **marks):
        """Write a journal, unless nothing moves. In each funder's book as much leaves as comes."""
        moves = [move for move in moves if move[2]]
        for funder in {funder for funder, _, _ in moves}:
            assert not sum(pence for one, _, pence in moves if one == funder)
        if not moves:
            return
        on = on or self.today
        journal = Journal(
            kind=kind,
            source=source,
            effective_on=on,
            occurred_on=occurred_on or on,
            moves=moves,
            **marks,
        )
        self.journals.append(journal)
        for funder, account, pence in moves:
            self.accounts[funder, account] += pence

    def until(self, day, funder, account, *, without=()):
        """Return what an account came to at the end of a day, without journals of some kinds."""
        return sum(
            pence
            for journal in self.journals
            if journal.effective_on <= day and journal.kind not in without
            for one, name, pence in journal.moves
            if (one, name) == (funder, account)
        )
