"""What must hold of a document before anybody sees it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID


class DocumentDoesNotAddUpError(Exception):
    """The figures of a document contradict one another: a fault of whoever filled it."""


class InstantNotUtcError(Exception):
    """An instant has no time zone, or another than UTC: it would be rendered differently."""


class PeriodEmptyError(Exception):
    """A period ends before it has begun, or with its first day."""


def require_equal(what: str, *, told_pence: int, worked_out_pence: int) -> None:
    """Make sure that a figure is what the others make of it.

    Raises:
        DocumentDoesNotAddUpError: says which figure, and both amounts in pence.
    """
    if told_pence != worked_out_pence:
        raise DocumentDoesNotAddUpError(
            f"{what}: {told_pence} is told, {worked_out_pence} worked out."
        )


def require_figures(**figures_pence: tuple[int, int]) -> None:
    """Make sure that each figure, as told, is what the others make of it.

    Raises:
        DocumentDoesNotAddUpError: names the first that is not.
    """
    for what, (told_pence, worked_out_pence) in figures_pence.items():
        require_equal(what, told_pence=told_pence, worked_out_pence=worked_out_pence)


def require_in_utc(what: str, instant: datetime) -> None:
    """Make sure that ``instant`` says when it is, without asking where.

    Raises:
        InstantNotUtcError: it does not.
    """
    if instant.utcoffset() != timedelta(0):
        raise InstantNotUtcError(f"{what}: {instant.isoformat()}")


def require_a_day(*, starts_on: date, ends_on: date) -> None:
    """Make sure that a half-open period holds one day at least.

    Raises:
        PeriodEmptyError: it holds none.
    """
    if starts_on >= ends_on:
        raise PeriodEmptyError(f"{starts_on} to {ends_on}")


def require_running(
    steps: Sequence[tuple[str, int, int]], *, opening_pence: int, closing_pence: int
) -> None:
    """Make sure that every balance is the one before it and its own amount.

    Args:
        steps: a name, the amount and the balance after it, in pence.
        opening_pence: the balance before the first step.
        closing_pence: what must be there after the last.

    Raises:
        DocumentDoesNotAddUpError: names the first step at which they part.
    """
    balance_pence = opening_pence
    for name, amount_pence, told_pence in steps:
        balance_pence += amount_pence
        require_equal(f"balance of {name}", told_pence=told_pence, worked_out_pence=balance_pence)
    require_equal("last balance", told_pence=balance_pence, worked_out_pence=closing_pence)


def require_books_in_balance(lines: Iterable[tuple[UUID, int, int]]) -> None:
    """Make sure that each funder's accounts add up to nothing, before and after.

    Args:
        lines: the funder, and opening and closing balance of an account of it, in pence.

    Raises:
        DocumentDoesNotAddUpError: names the book.
    """
    opening, closing = Counter[UUID](), Counter[UUID]()
    for funder_id, opening_pence, closing_pence in lines:
        opening[funder_id] += opening_pence
        closing[funder_id] += closing_pence
    for what, book in (("opening", opening), ("closing", closing)):
        for funder_id, pence in book.items():
            require_equal(f"{what} of {funder_id}", told_pence=pence, worked_out_pence=0)


def require_posted(
    told_pence: Mapping[tuple[UUID, str], tuple[int, int]],
    postings: Iterable[tuple[UUID, str, str, int]],
) -> None:
    """Make sure that debits and credits are those of the postings.

    Args:
        told_pence: debits and credits of each funder's accounts of one name.
        postings: funder, debit account, credit account, amount in pence.

    Raises:
        DocumentDoesNotAddUpError: names the account.
    """
    debits, credits_ = Counter[tuple[UUID, str]](), Counter[tuple[UUID, str]]()
    for funder_id, debit_account, credit_account, amount_pence in postings:
        debits[funder_id, debit_account] += amount_pence
        credits_[funder_id, credit_account] += amount_pence
    for account in sorted(told_pence.keys() | debits.keys() | credits_.keys()):
        told = told_pence.get(account, (0, 0))
        name = f"{account[0]} {account[1]}"
        require_equal(f"debits of {name}", told_pence=told[0], worked_out_pence=debits[account])
        require_equal(f"credits of {name}", told_pence=told[1], worked_out_pence=credits_[account])
