"""When a contribution counts, and what it does to the books."""

import enum
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.accounts.rules import AccountKind, Entry, entry
from shared.errors import IdReusedError, Refusal

# Local policy, for each pool's partners to agree.
DAYS_TO_PAY = 14
DAYS_BETWEEN_REMINDERS = 7


class MoneySource(enum.StrEnum):
    """Out of what a funder pays."""

    NEW = "new"
    RELEASED_BLOCK = "released_block"  # a block contract no longer takes it
    POOLED_S75 = "pooled_s75"  # it is in a fund under section 75, NHS Act 2006


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """For which days a funder pays, from which of its cost centres, and out of what."""

    starts_on: date
    ends_on: date  # the last day
    cost_centre: str
    source: MoneySource


class TermsPeriodError(Refusal):
    """What is paid for would end before it begins."""

    code = "period_wrong"
    next_step = "Send it again with a last day that is not before the first, under a new id."


class TermsDifferError(Refusal):
    """The contribution was committed for other days, from another cost centre or source."""

    code = "terms_differ"
    next_step = "What was committed stands. To change it, have the commitment reversed first."


def see_that_terms_can_be_kept(terms: Terms, *, kept: Terms | None) -> None:
    """Look whether a contribution may be promised or released on these terms.

    Args:
        terms: that are told now.
        kept: that were told of it before.

    Raises:
        TermsPeriodError: they end before they begin.
        TermsDifferError: others were told.
    """
    if terms.ends_on < terms.starts_on:
        raise TermsPeriodError("The last day is before the first.", field="terms.ends_on")
    if kept not in {None, terms}:
        raise TermsDifferError("The contribution was committed on other terms.")


class ContributionNotCalledError(Refusal):
    """Nobody was asked for this contribution."""

    code = "contribution_not_called"
    next_step = "Use the contribution's id from the call."


class ContributionDiffersError(Refusal):
    """What was paid is not what was called for."""

    code = "contribution_differs"
    next_step = "Pay in what was called for, or agree the shares anew."

    def __init__(self, *, called_pence: int, received_pence: int) -> None:
        super().__init__(
            "The amount differs from what was called for.",
            called_pence=called_pence,
            received_pence=received_pence,
        )


class ContributionIdReusedError(IdReusedError):
    """The contribution was received before, with another bank reference."""


class PersonCannotCommitError(Refusal):
    """A person has no pooled agreement under which to commit, nor a contract to release from."""

    code = "person_cannot_commit"
    next_step = "Record what the person pays when it is paid."


def see_that_it_is_what_was_called_for(
    *, called_pence: int, received_pence: int, paid_pence: int, may_be_in_parts: bool
) -> None:
    """Look whether an amount can be paid in.

    Args:
        called_pence: what was called for.
        received_pence: what has come in of it until now.
        paid_pence: what is paid now.
        may_be_in_parts: a person may pay theirs bit by bit; an organisation pays the whole.

    Raises:
        ContributionDiffersError: it is more than is missing, or a part where that may not be.
    """
    missing_pence = called_pence - received_pence
    if paid_pence > missing_pence or (paid_pence < missing_pence and not may_be_in_parts):
        raise ContributionDiffersError(called_pence=missing_pence, received_pence=paid_pence)


def promise_entries(
    funder_id: UUID, *, amount_pence: int, into: AccountKind = AccountKind.AVAILABLE
) -> list[Entry]:
    """Return the entries of a commitment: it can be spent, and the host advances what is.

    Args:
        funder_id: whose word it is.
        amount_pence: of it.
        into: ``unallocated`` while the funder has a schedule in the budget.
    """
    return [entry(funder_id, AccountKind.PROMISED, into, amount_pence)]


def unpromise_entries(funder_id: UUID, *, amount_pence: int) -> list[Entry]:
    """Return the entries of a promise that is not needed and was not kept yet: nobody owes it."""
    return [entry(funder_id, AccountKind.AVAILABLE, AccountKind.PROMISED, amount_pence)]


def receipt_entries(
    funder_id: UUID,
    *,
    source: AccountKind,
    amount_pence: int,
    is_promised: bool,
    into: AccountKind = AccountKind.AVAILABLE,
) -> list[Entry]:
    """Return the entries of an organisation's money coming in, which keeps a promise if one was.

    Args:
        funder_id: whose money it is.
        source: ``paid_in`` for new money, ``released_in`` for what a block contract releases.
        amount_pence: of it.
        is_promised: it was committed before.
        into: ``unallocated`` while the funder has a schedule in the budget.
    """
    target = AccountKind.PROMISED if is_promised else into
    return [entry(funder_id, source, target, amount_pence)]


def charge_entries(council_id: UUID, *, amount_pence: int) -> list[Entry]:
    """Return the entries of a charge raised on the person.

    The council lets it be spent from the first day and waits for the person's money: what the
    person owes is never a reason to stop care (Care and Support Statutory Guidance, annex D).
    """
    return [entry(council_id, AccountKind.CHARGE_DUE, AccountKind.AVAILABLE, amount_pence)]


def person_paid_entries(*, person_id: UUID, council_id: UUID, amount_pence: int) -> list[Entry]:
    """Return the entries of what the person pays: in their own book, and in the council's."""
    return [
        entry(person_id, AccountKind.CONTRIBUTED, AccountKind.OWN_MONEY, amount_pence),
        entry(council_id, AccountKind.CHARGED, AccountKind.CHARGE_DUE, amount_pence),
    ]
