"""What an outside line and a ledger line are, when they are the same money, and who looks on.

A rule may be lenient about days. About pence no rule ever is.
"""

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shared.errors import NotFoundError, Refusal

MOST_LINES = 5_000  # of one side that are matched at once
MOST_CANDIDATES = 5  # that are shown of a line that was not matched
MOST_DAYS_TO_SETTLE = 90  # how far ahead a due date may be set: local policy
SHORTEST_WORD = 6  # of an outside text that is taken for a reference: a shorter one says nothing


class Side(enum.StrEnum):
    OUTSIDE = "outside"  # a bank account's or a card programme's
    LEDGER = "ledger"


class Rule(enum.StrEnum):
    """Why lines belong together. The rules are asked in this order, the strongest first.

    What one journal moves in one direction is one movement: each funder's part of a spend is a
    line of it, and a rule never takes such a movement apart. "Several" means two or more.
    """

    SAME_REFERENCE = "same_reference"  # exact: one line, one movement, one reference and amount
    SHARED_REFERENCE = "shared_reference"  # grouped: one line pays every movement it refers to
    PARTS = "parts"  # split: every line that refers to one movement, together, is its amount
    SAME_AMOUNT = "same_amount"  # exact: no reference, and each is the other's only candidate
    SAME_DAY = "same_day"  # grouped: no reference; one line is all that moved on a day
    BY_HAND = "by_hand"  # somebody says so, and why


# How far the day on the account and the day in the ledger may be apart. Local policy.
TOLERANCE_DAYS: Mapping[Rule, int] = {
    Rule.SAME_REFERENCE: 7,  # a card payment is presented within a week
    Rule.SHARED_REFERENCE: 7,
    Rule.PARTS: 30,  # the parts of one order are sent, and presented, one after another
    Rule.SAME_AMOUNT: 3,  # a bank transfer over a weekend; without a reference no longer
    Rule.SAME_DAY: 3,
}
# A movement in the ledger is waited for on the account for so long before anybody is asked.
DAYS_AWAITED = 7


class Why(enum.StrEnum):
    """Why a line was not matched."""

    IN_DOUBT = "in_doubt"  # a rule fits in more than one way; no weaker rule decides
    DIFFERS = "differs"  # the other side knows the reference, with another amount or day
    ADDS_UP = "adds_up"  # some movements of a day add up to it, which is a hint and no proof
    NOTHING_ALIKE = "nothing_alike"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLine:
    """A line of a bank account or of a card programme."""

    source: str  # which account or programme: an opaque word
    external_id: str  # its id there
    amount_pence: int  # money in is positive, money out negative
    booked_on: date
    reference: str  # as the bank or the programme wrote it

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.external_id


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """A line of a journal that moves money into or out of the accounts outside."""

    journal_id: UUID
    line: int
    amount_pence: int  # money in is positive, money out negative
    occurred_on: date
    references: tuple[str, ...]  # the purchase or the contribution, and the bank's reference

    @property
    def key(self) -> tuple[UUID, int]:
        return self.journal_id, self.line


class DuplicateFileError(Refusal):
    """The same file, byte for byte, was imported before."""

    code = "duplicate_file"
    next_step = "Nothing needs to be done: its lines are here."


class LineDiffersError(Refusal):
    """A line with this id is here, or further up in the file, with other content."""

    code = "line_differs"
    next_step = (
        "Ask the bank or the card programme which of the two is right. Nothing was imported."
    )

    def __init__(self, *, number: int, external_id: str) -> None:
        super().__init__(
            f"Line {number} of the file is known with other content.",
            line=number,
            external_id=external_id,
        )


class LineNotFoundError(NotFoundError):
    """There is no such line, or it moves no money in or out."""

    code = "line_not_found"


class LineMatchedError(Refusal):
    """A line belongs to a match already."""

    code = "line_matched"
    next_step = "Undo the match that it is in, if that one is wrong."


class AmountsDifferError(Refusal):
    """The two sides of a match are not the same money."""

    code = "amounts_differ"
    next_step = "Add the line that is missing, or leave out the one that is too much."

    def __init__(self, *, outside_pence: int, ledger_pence: int) -> None:
        super().__init__(
            "What moved outside is not what moved in the ledger.",
            outside_pence=outside_pence,
            ledger_pence=ledger_pence,
        )


class LineTwiceError(Refusal):
    """A match names one line twice, or it names one line alone."""

    code = "lines_do_not_match"
    next_step = "Name each line once, and two lines at least."


class MatchNotFoundError(NotFoundError):
    """There is no such match."""

    code = "match_not_found"


class MatchUndoneError(Refusal):
    """The match was undone before."""

    code = "match_undone"
    next_step = "Nothing needs to be done: its lines are free."


class SuspenseNotFoundError(NotFoundError):
    """There is no such item in suspense."""

    code = "suspense_not_found"


class SuspenseSettledError(Refusal):
    """The line is matched: nobody needs to look after it."""

    code = "suspense_settled"
    next_step = "Nothing needs to be done."


class OwnerUnknownError(Refusal):
    """Suspense belongs to a role in an organisation; never to nobody."""

    code = "owner_unknown"
    next_step = "Name an organisation and a role: host/finance_officer."


class DueDateError(Refusal):
    """The day by which it is to be settled is gone, or too far off."""

    code = "due_date_out_of_range"
    next_step = f"Choose a day from today to {MOST_DAYS_TO_SETTLE} days from now."


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Who looks after an item in suspense, and until when."""

    owner: str  # organisation/role
    due_on: date


# Side, whether money came in: who is asked, and how many days they have. Local policy.
_OWNERS: Mapping[tuple[Side, bool], tuple[str, int]] = {
    # Money that left and that the books know nothing of may be fraud: whoever decides hears first.
    (Side.OUTSIDE, False): ("host/finance_manager", 2),
    (Side.OUTSIDE, True): ("host/finance_officer", 5),
    (Side.LEDGER, False): ("host/payments_officer", 10),
    (Side.LEDGER, True): ("host/finance_officer", 10),
}
_OWNER = re.compile(r"[a-z][a-z0-9_-]{0,62}/[a-z][a-z0-9_-]{0,62}")


def charge(*, side: Side, amount_pence: int, opened_on: date) -> Charge:
    """Return who looks after a line that was not matched, and until when."""
    owner, days = _OWNERS[side, amount_pence > 0]
    return Charge(owner=owner, due_on=opened_on + timedelta(days=days))


def is_awaited(*, occurred_on: date, today: date) -> bool:
    """Tell whether a movement in the ledger may still come on the account, so nobody is asked."""
    return today - occurred_on <= timedelta(days=DAYS_AWAITED)


def check_charge(asked: Charge, *, today: date) -> None:
    """See that suspense is handed to somebody, and for a time in which it can be settled.

    Raises:
        OwnerUnknownError: that is nobody.
        DueDateError: the day is gone, or too far off.
    """
    if not _OWNER.fullmatch(asked.owner):
        raise OwnerUnknownError("This is no organisation with a role.")
    if not timedelta() <= asked.due_on - today <= timedelta(days=MOST_DAYS_TO_SETTLE):
        raise DueDateError("This day is gone, or too far off.")


def check_by_hand(outside: Sequence[OutsideLine], ledger: Sequence[LedgerLine]) -> None:
    """See that what somebody matches is the same money, whatever the days and references say.

    Lines of one side alone may cancel one another out: a payment that the bank sent back, money
    moved from one of our own accounts to another.

    Raises:
        LineTwiceError: a line comes twice, or there is only one.
        AmountsDifferError: the two sides are not equal to the penny.
    """
    keys = [*(line.key for line in outside), *(line.key for line in ledger)]
    if len(keys) < 2 or len(set(keys)) < len(keys):  # noqa: PLR2004 - a match is of two or more
        raise LineTwiceError("A match is of two lines or more, each of them named once.")
    outside_pence, ledger_pence = total_pence(outside), total_pence(ledger)
    if outside_pence != ledger_pence:
        raise AmountsDifferError(outside_pence=outside_pence, ledger_pence=ledger_pence)


def total_pence(lines: Iterable[OutsideLine] | Iterable[LedgerLine]) -> int:
    return sum(line.amount_pence for line in lines)


def name_of(reference: str) -> str:
    """Return a reference as it is compared: banks change case, spaces and hyphens."""
    return "".join(letter for letter in reference.casefold() if letter.isalnum())


def names_in(text: str) -> frozenset[str]:
    """Return what an outside text may refer to: all of it, and each longer word of it."""
    words = (name_of(word) for word in text.split())
    names = {name_of(text), *(word for word in words if len(word) >= SHORTEST_WORD)}
    return frozenset(names - {""})
