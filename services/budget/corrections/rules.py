"""Which journals can be put right, and on which day that counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.budget.accounts.rules import (
    AccountKind,
    Entry,
    InsufficientFundsError,
    account_name,
)
from shared.errors import NotFoundError, Refusal

REVERSIBLE = frozenset({"contribution", "promise"})
_CAME_FROM = frozenset(
    map(account_name, (AccountKind.PAID_IN, AccountKind.RELEASED_IN, AccountKind.CONTRIBUTED))
)
CORRECTABLE = REVERSIBLE | {"charge", "capture", "refund"}


class JournalNotFoundError(NotFoundError):
    """There is no such journal."""

    code = "journal_not_found"
    next_step = "Take the journal's id from the journals export."


class AlreadyReversedError(Refusal):
    """The journal was put right before, or is itself what put another one right."""

    code = "already_reversed"
    next_step = "Look for the journal that took its place; that one can be corrected."


class NotReversibleError(Refusal):
    """What such a journal recorded is taken back in another way."""

    code = "not_reversible"
    next_step = (
        "A purchase changes by what payments says of it, shares by a new agreement, and what a run"
        " booked by the next run."
    )


class NotCorrectableError(Refusal):
    """The day of such a journal belongs to the run that booked it."""

    code = "not_correctable"
    next_step = "What a run booked is put right by the next run."


class DayWrongError(Refusal):
    """Nothing counts for a day that is yet to come, or before it happened."""

    code = "day_wrong"
    next_step = "Give the day on which it happened, and that day or a later one on which it counts."


class NothingToCorrectError(Refusal):
    """The journal has these days already."""

    code = "nothing_to_correct"
    next_step = "Give the day that is right."


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The day for which something is written, and why it is written so late, if it is."""

    effective_on: date
    metadata: Mapping[str, str]


def see_that_it_stands(*, is_reversed: bool, is_a_reversal: bool) -> None:
    """Look whether a journal still says what is so.

    Raises:
        AlreadyReversedError: it was reversed, or reverses another.
    """
    if is_reversed or is_a_reversal:
        raise AlreadyReversedError("This journal was put right before.")


def see_that_days_are_right(
    *, effective_on: date, occurred_on: date, was: tuple[date, date], today: date
) -> None:
    """Look whether a journal can be given these days.

    Args:
        effective_on: the day it is to count for.
        occurred_on: the day it happened.
        was: both days as they are in the books now.
        today: the day on which it is corrected.

    Raises:
        DayWrongError: one of them is yet to come, or it would count before it happened.
        NothingToCorrectError: the journal has them already.
    """
    if not occurred_on <= effective_on <= today:
        raise DayWrongError("These days cannot be right.")
    if (effective_on, occurred_on) == was:
        raise NothingToCorrectError("The journal has these days already.")


def placed(day: date, *, state: str | None, today: date, reason: str) -> Placed:
    """Return the day for which something about ``day`` is written.

    A closed day is not written for again: it counts today, and still says when it happened. For a
    day that is being closed it says why it is late.

    Args:
        day: for which it would be written if nothing was closed.
        state: of the period in which the day lies; None where no period was opened yet.
        today: the day on which it is written.
        reason: why it is written now.
    """
    if state == "closed":
        return Placed(effective_on=today, metadata={})
    return Placed(effective_on=day, metadata={"late_because": reason} if state == "closing" else {})


def mirrored(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries that move everything back."""
    return [replace(entry, debit=entry.credit, credit=entry.debit) for entry in entries]


def see_that_it_is_still_there(
    entries: Sequence[Entry], *, free_pence: Mapping[tuple[UUID, str], int]
) -> None:
    """Look whether what is to be taken back has not been spent meanwhile.

    Args:
        entries: that take it back.
        free_pence: by funder and account, what may be taken from accounts that are never
            overdrawn.

    Raises:
        InsufficientFundsError: it has.
    """
    for (funder_id, name), pence in free_pence.items():
        own = [entry for entry in entries if entry.funder_id == funder_id]
        taken_pence = sum(entry.amount_pence for entry in own if entry.debit == name)
        taken_pence -= sum(entry.amount_pence for entry in own if entry.credit == name)
        if taken_pence > pence:
            raise InsufficientFundsError(requested_pence=taken_pence, available_pence=pence)


def see_that_it_did_not_go_back(
    entries: Iterable[Entry], *, net_paid_pence: Mapping[UUID, int]
) -> None:
    """Look whether what never came in did not go back: nobody gets back more than they paid.

    Args:
        entries: that take back what came in.
        net_paid_pence: what each has paid, less what went back to them.

    Raises:
        InsufficientFundsError: it did.
    """
    for entry in entries:
        pence = net_paid_pence[entry.funder_id]
        if entry.credit in _CAME_FROM and entry.amount_pence > pence:
            raise InsufficientFundsError(
                requested_pence=entry.amount_pence, available_pence=max(0, pence)
            )
