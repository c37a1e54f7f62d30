"""When books are open, who closes them, and for which day something counts."""

import enum
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.errors import IdReusedError, NotFoundError, Refusal

YEAR_STARTS = (4, 1)  # month and day: the public sector's financial year, April to March


class PeriodState(enum.StrEnum):
    OPEN = "open"
    CLOSING = "closing"  # nothing new, but what says why it is late
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotLine:
    """What one account stood at when a period was closed, in pence; credits less debits."""

    account_id: int
    opening_pence: int
    debits_pence: int
    credits_pence: int
    closing_pence: int
    held_pence: int


class PeriodNotFoundError(NotFoundError):
    """There is no such period."""

    code = "period_not_found"
    next_step = "Open the period first."


class PeriodDiffersError(IdReusedError):
    """The period was opened for other days or another pool."""


class PeriodDatesWrongError(Refusal):
    """The period would end before it starts, or would not lie in one financial year."""

    code = "dates_wrong"
    next_step = "Let it end after it starts, and no later than the next 1 April."


class PeriodOutsidePoolError(Refusal):
    """The pool does not exist on some day of the period."""

    code = "outside_pool"
    next_step = "Let it lie within the days of the pool."


class PeriodOrderError(Refusal):
    """Periods follow one another without a gap, and are closed and reopened in their order."""

    code = "period_order"
    next_step = "Do first what the message names."


class PeriodNotOverError(Refusal):
    """Something can still happen in the period."""

    code = "period_not_over"
    next_step = "Wait until the period has ended."


class PeriodNotOpenError(Refusal):
    """The period is being closed, or closed."""

    code = "period_not_open"
    next_step = "Nothing has to be done; a closed period can be reopened."


class PeriodNotClosingError(Refusal):
    """The period has not been closed softly, or is closed."""

    code = "period_not_closing"
    next_step = "Close an open period softly first; a closed one would have to be reopened."


class PeriodNotClosedError(Refusal):
    """The period is not closed, or was never closed as often as this."""

    code = "period_not_closed"
    next_step = "Close the period first."


class SignerNotAPartnerError(Refusal):
    """Whoever signs is no partner of the pool."""

    code = "not_a_partner"
    next_step = "Let a partner of the pool sign."


class PeriodNotSignedError(Refusal):
    """A partner of the pool has not signed the period as it stands."""

    code = "signature_missing"
    next_step = "Have every partner sign; what was booked late is to be signed again."


class SuspenseOpenError(Refusal):
    """Money that belongs to the period has no place yet."""

    code = "suspense_open"
    next_step = "Match what is in suspense, or book it where it belongs."


class VerifyFailedError(Refusal):
    """The pool's books do not agree with themselves."""

    code = "verify_failed"
    next_step = "Run the verifier, and put right what it names before closing."


class SecondApproverRequiredError(Refusal):
    """Nobody else has approved that the period is reopened."""

    code = "second_approver_required"
    next_step = "Have another role or organisation approve the reopening first."


class YearEndMadeError(Refusal):
    """The financial year has ended: what was left was carried, lapsed or shared by this period."""

    code = "year_end_made"
    next_step = "Date it in the open period and say in the reason when it happened."


def financial_year_of(day: date) -> int:
    """Return the financial year a day lies in, as the year in which that starts."""
    return day.year if day >= date(day.year, *YEAR_STARTS) else day.year - 1


def start_of_year(financial_year: int) -> date:
    return date(financial_year, *YEAR_STARTS)


def see_that_it_lies_in_a_year(*, starts_on: date, ends_on: date) -> None:
    """Look whether a period ends after it starts and lies within one financial year.

    A year that ends in the middle of a period could not be closed.

    Raises:
        PeriodDatesWrongError: it does not.
    """
    if ends_on <= starts_on or ends_on > start_of_year(financial_year_of(starts_on) + 1):
        raise PeriodDatesWrongError("The period does not lie within one financial year.")


def see_that_it_follows(
    *,
    starts_on: date,
    ends_on: date,
    newest_ends_on: date | None,
    pool_starts_on: date,
    pool_ends_on: date | None,
) -> None:
    """Look whether a period follows the newest one of its pool, the first the pool's first day.

    Raises:
        PeriodOrderError: there would be a gap, or two periods for a day.
        PeriodOutsidePoolError: it reaches beyond the pool's last day.
    """
    expected = newest_ends_on or pool_starts_on
    if starts_on != expected:
        raise PeriodOrderError("The next period starts on another day.", starts_on=str(expected))
    if pool_ends_on is not None and ends_on > pool_ends_on:
        raise PeriodOutsidePoolError("The pool ends before the period does.")


def see_that_it_is_over(*, ends_on: date, today: date) -> None:
    """Look whether a period is over: what happens today is always booked in an open one.

    Raises:
        PeriodNotOverError: it is not.
    """
    if today < ends_on:
        raise PeriodNotOverError("The period has not ended yet.", ends_on=str(ends_on))


def see_that_the_one_before_is(
    wanted: Sequence[PeriodState], *, state_before: PeriodState | None
) -> None:
    """Look whether the period before has come as far, where there is one.

    Raises:
        PeriodOrderError: it has not.
    """
    if state_before is not None and state_before not in wanted:
        raise PeriodOrderError("The period before it is to be closed first.")


def see_that_nothing_is_missing(*, signatures: int, in_suspense: int) -> None:
    """Look whether a period can be closed for good.

    Args:
        signatures: of how many partners the signature is missing.
        in_suspense: how many amounts that belong to the period have no place yet.

    Raises:
        PeriodNotSignedError, SuspenseOpenError: it cannot.
    """
    if signatures:
        raise PeriodNotSignedError(
            "A partner has not signed the period as it stands.", missing=signatures
        )
    if in_suspense:
        raise SuspenseOpenError("Something of the period is in suspense.", amounts=in_suspense)


def see_that_two_approve(*, actor: str, approved_by: Iterable[str]) -> None:
    """Look whether somebody else has approved: another role, or another organisation.

    Raises:
        SecondApproverRequiredError: nobody has.
    """
    if all(_same(other) == _same(actor) for other in approved_by):
        raise SecondApproverRequiredError("One alone cannot reopen a period.")


def _same(actor: str) -> str:
    """Return an actor as two spellings of it are compared; the database function does as well."""
    return actor.strip().lower()


def day_it_counts_for(*, occurred_on: date, today: date, closed_until: date | None) -> date:
    """Return the day for which something counts in the books: its own while that is not closed.

    What happened in a period that is closed, or being closed, is a prior-period item: it counts
    for the day on which it is booked, and keeps the day on which it happened.

    Args:
        occurred_on: when it happened in the world.
        today: when it is booked.
        closed_until: the first day that is in no closed or closing period; None without one.
    """
    if closed_until is None or occurred_on >= closed_until:
        return occurred_on
    return max(today, closed_until)


def snapshot_hash(
    *,
    pool_id: UUID,
    period_id: UUID,
    version: int,
    starts_on: date,
    ends_on: date,
    last_seq: int,
    lines: Iterable[SnapshotLine],
) -> bytes:
    """Return the SHA-256 of a snapshot: what it is of, then a line for each account, in order.

    The database function ``close_period`` works it out as well.
    """
    heading = f"{pool_id}:{period_id}:{version}:{starts_on}:{ends_on}:{last_seq}"
    hashed = hashlib.sha256(heading.encode())
    for line in lines:
        figures = (
            line.account_id,
            line.opening_pence,
            line.debits_pence,
            line.credits_pence,
            line.closing_pence,
            line.held_pence,
        )
        hashed.update(("\n" + ":".join(map(str, figures))).encode())
    return hashed.digest()
