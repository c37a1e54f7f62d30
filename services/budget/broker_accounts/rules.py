"""What a broker may be given, has to give back, and what its word is worth beside the ledger."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.budget.accounts.rules import (
    AccountKind,
    Entry,
    InsufficientFundsError,
    account_name,
)
from services.budget.holds.rules import BudgetNotActiveError, Host, Part
from shared.errors import Refusal
from shared.money import divide

WITH_BROKER = account_name(AccountKind.WITH_BROKER)
PAID_OUT = account_name(AccountKind.PAID_OUT)
# Who is asked about a difference, and how many days they have. Local policy.
OWNER, DAYS_TO_SETTLE = "host/finance_officer", 10


class Direction(enum.StrEnum):
    """Which way money moved between the pool's account and the broker's."""

    TOP_UP = "top_up"
    RETURNED = "returned"


class Outcome(enum.StrEnum):
    """Whether a broker has what the ledger says."""

    AGREED = "agreed"
    DIFFERS = "differs"


class NoBrokerItemError(Refusal):
    """No item of the plan goes by a broker today."""

    code = "no_broker_item"
    next_step = "Move an item to the broker first, with set_route."


class AmountAmbiguousError(Refusal):
    """Either one amount is told, or what of it is each funder's."""

    code = "amount_ambiguous"
    next_step = "Name amount_pence, or portions with each funder once."


class FunderHasNoBookError(Refusal):
    """The funder has no book for this budget."""

    code = "funder_has_no_book"
    next_step = "Name funders that pay into this budget, each once."


class ExceedsBrokerBalanceError(Refusal):
    """The broker has not so much."""

    code = "exceeds_broker_balance"
    next_step = "Look up in money_routes what the broker has, funder by funder."

    def __init__(self, *, amount_pence: int, held_pence: int) -> None:
        super().__init__(
            "The broker has not so much.", amount_pence=amount_pence, held_pence=held_pence
        )


class ReportedLaterError(Refusal):
    """The day of the report has not come."""

    code = "not_due_yet"
    next_step = "Report what the broker has today, or had on a day that is past."


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What of an amount is one funder's."""

    funder_id: UUID
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a broker says that it has of one funder's, beside what the ledger says."""

    funder_id: UUID
    reported_pence: int
    ledger_pence: int

    @property
    def difference_pence(self) -> int:
        """What the broker has more, or less if negative."""
        return self.reported_pence - self.ledger_pence


def as_asked(amount_pence: int | None, portions: Sequence[Share] | None) -> dict[str, Any]:
    """Return what is asked for in a form that can be compared with what was asked before.

    Raises:
        AmountAmbiguousError: it is not one amount or portions of each funder.
    """
    if (amount_pence is None) == (portions is None):
        raise AmountAmbiguousError("One amount, or portions, is needed; not both.")
    if portions is None:
        return {"amount_pence": amount_pence}
    by_funder = {str(one.funder_id): one.amount_pence for one in portions}
    if len(by_funder) != len(portions):
        raise AmountAmbiguousError("A funder is named twice.")
    return {"portions": by_funder}


def see_that_they_can_give(
    portions: Mapping[UUID, int], parts: Mapping[UUID, Part], *, held: Mapping[UUID, int]
) -> None:
    """Look whether funders have what a broker is to get, beside what the broker has of theirs.

    Money with a broker is still available: it is not spent. So no more of it goes there than is
    free and not there already.

    Raises:
        FunderHasNoBookError: a funder does not pay into this budget.
        BudgetNotActiveError: a funder has neither paid in nor committed.
        InsufficientFundsError: one of them, or all together, have less.
    """
    for funder_id, pence in portions.items():
        part = parts.get(funder_id)
        if part is None:
            raise FunderHasNoBookError("A funder does not pay into this budget.")
        if not part.is_in:
            raise BudgetNotActiveError("A funder of this has not paid in yet.")
        _see_that_there_is(pence, part.free_pence - max(0, held.get(funder_id, 0)))
    all_free_pence = sum(part.free_pence for part in parts.values())
    _see_that_there_is(sum(portions.values()), all_free_pence - sum(held.values()))


def _see_that_there_is(pence: int, free_pence: int) -> None:
    if pence > free_pence:
        raise InsufficientFundsError(requested_pence=pence, available_pence=max(0, free_pence))


def see_that_broker_has(portions: Mapping[UUID, int], held: Mapping[UUID, int]) -> None:
    """Look whether the broker has what is to come back, funder by funder.

    Raises:
        ExceedsBrokerBalanceError: it has less of one of them.
    """
    for funder_id, pence in portions.items():
        held_pence = max(0, held.get(funder_id, 0))
        if pence > held_pence:
            raise ExceedsBrokerBalanceError(amount_pence=pence, held_pence=held_pence)


def see_that_it_has_come(on: date, *, today: date) -> None:
    """Look whether the day of a report has come.

    Raises:
        ReportedLaterError: it has not.
    """
    if on > today:
        raise ReportedLaterError("This day has not come.", today=today.isoformat())


def weights_of(costs: Iterable[tuple[int, Mapping[UUID, int]]]) -> dict[UUID, int]:
    """Return what each funder would pay of items, in pence.

    Args:
        costs: what items of one purpose cost, and the weights by which its funders share that.
    """
    weights: dict[UUID, int] = {}
    for cost_pence, shares in costs:
        for funder_id, pence in divide(amount_pence=cost_pence, weights=shares).items():
            weights[funder_id] = weights.get(funder_id, 0) + pence
    return weights


def in_books(
    portions: Mapping[UUID, int], parts: Mapping[UUID, Part], host: Host
) -> dict[UUID, int]:
    """Return in whose books portions are booked: what a funder has only committed is the host's.

    It is the host's money that the broker gets then; what is bought of it comes to be due.
    """
    books: dict[UUID, int] = {}
    for funder_id, pence in portions.items():
        book = host.funder_id if parts[funder_id].is_advanced else funder_id
        if pence:
            books[book] = books.get(book, 0) + pence
    return books


def returned_portions(amount_pence: int, held: Mapping[UUID, int]) -> dict[UUID, int]:
    """Divide what comes back by what the broker has of each funder.

    Raises:
        ExceedsBrokerBalanceError: it has less of them all.
    """
    there = {funder_id: pence for funder_id, pence in held.items() if pence > 0}
    if amount_pence > sum(there.values()):
        raise ExceedsBrokerBalanceError(amount_pence=amount_pence, held_pence=sum(there.values()))
    return divide(amount_pence=amount_pence, weights=there)


def transfer_entries(direction: Direction, books: Mapping[UUID, int]) -> list[Entry]:
    """Return the entries of money that left the pool's account for the broker's, or came back."""
    is_top_up = direction is Direction.TOP_UP
    debit, credit = (WITH_BROKER, PAID_OUT) if is_top_up else (PAID_OUT, WITH_BROKER)
    return [
        Entry(funder_id=funder_id, debit=debit, credit=credit, amount_pence=pence)
        for funder_id, pence in books.items()
        if pence
    ]


def compare(reported: Mapping[UUID, int], ledger: Mapping[UUID, int]) -> list[Line]:
    """Return what the broker has and what the ledger says, funder by funder, unnamed ones too."""
    return [
        Line(
            funder_id=funder_id,
            reported_pence=reported.get(funder_id, 0),
            ledger_pence=ledger.get(funder_id, 0),
        )
        for funder_id in sorted({*reported, *ledger})
        if funder_id in reported or ledger[funder_id]
    ]


def outcome(lines: Iterable[Line]) -> Outcome:
    """Say whether all lines agree to the penny."""
    is_agreed = not any(line.difference_pence for line in lines)
    return Outcome.AGREED if is_agreed else Outcome.DIFFERS


def settle_by(reported_at: date) -> date:
    """Return the day by which a difference is to be explained."""
    return reported_at + timedelta(days=DAYS_TO_SETTLE)


def top_up_due_pence(
    *, held_pence: int, agreed_pence: int, left_pence: int, plan_weeks: int, weeks: int
) -> int:
    """Return what a broker could be given so that it has so many weeks of its items' money.

    Args:
        held_pence: what it has of one funder's.
        agreed_pence: what this funder pays of the broker's items over the whole plan.
        left_pence: what of that is not spent; no more than this is suggested.
        plan_weeks: how many weeks the plan is for.
        weeks: how many weeks' money the broker is to have.
    """
    wanted_pence = min(agreed_pence * weeks // plan_weeks, max(0, left_pence))
    return max(0, wanted_pence - held_pence)


def to_be_returned_pence(held: Mapping[UUID, int], *, left_pence: int) -> dict[UUID, int]:
    """Return what a broker has beyond what its items still cost, by whose money it is.

    An item that has moved on costs the broker nothing more.
    """
    there = {funder_id: pence for funder_id, pence in held.items() if pence > 0}
    too_much_pence = min(sum(held.values()) - max(0, left_pence), sum(there.values()))
    if too_much_pence <= 0:
        return {}
    return divide(amount_pence=too_much_pence, weights=there)
