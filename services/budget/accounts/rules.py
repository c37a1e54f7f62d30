"""The accounts a book has, and what the bookkeeper refuses."""

import enum
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.budget.funders.rules import FunderKind
from shared.errors import NotFoundError, Refusal


class AccountKind(enum.StrEnum):
    """What an account of a funder's book for one budget holds.

    A posting takes an amount from the account it debits to the one it credits: what is paid in
    is debited there and credited to what is available, and so on to what is paid out.
    """

    PAID_IN = "paid_in"  # money the funder has paid in
    RELEASED_IN = "released_in"  # released from a block contract: no new money
    PROMISED = "promised"  # committed under a pooled agreement and not paid in yet
    AVAILABLE = "available"  # what is there for the person to spend, held money included
    UNALLOCATED = "unallocated"  # paid in or promised, and not yet the person's to spend
    RESERVE = "reserve"  # promised for a crisis and not called: no money, and nothing to spend
    RESERVE_PROMISED = "reserve_promised"  # the other side of it
    PAID_OUT = "paid_out"  # what was spent, net of refunds
    WITH_BROKER = "with_broker"  # what a broker spent, less what it was given: below nothing it has
    WITH_PERSON = "with_person"  # paid to the person or their nominee, and not evidenced yet
    EVIDENCED = "evidenced"  # paid to them, and shown to be spent
    DELIVERED = "delivered"  # arranged and delivered by a partner, without a payment
    OVERSPENT = "overspent"  # what the issuer took beyond what was available
    UNMATCHED = "unmatched"  # came back for a purchase beyond what it had cost; in the host's book
    REPAID = "repaid"  # what was left over and went back to the funder
    LAPSED = "lapsed"  # what was left at the end of a financial year and goes back to the funder
    DUE_TO = "due_to"  # what this funder owes another, which paid in its place
    DUE_FROM = "due_from"  # what another funder owes this one
    SETTLED = "settled"  # what was paid to another for what was due, less what it paid back
    CHARGED = "charged"  # the council's book only: what the person has paid towards its part
    CHARGE_DUE = "charge_due"  # the council's book only: what the person has still to pay
    OWN_MONEY = "own_money"  # the person's book: their own money
    CONTRIBUTED = "contributed"  # the person's book: what they gave towards the council's part


_OF_EVERY_FUNDER = (
    AccountKind.PAID_IN,
    AccountKind.RELEASED_IN,
    AccountKind.PROMISED,
    AccountKind.AVAILABLE,
    AccountKind.PAID_OUT,
    AccountKind.WITH_BROKER,
    AccountKind.WITH_PERSON,
    AccountKind.EVIDENCED,
    AccountKind.DELIVERED,
    AccountKind.OVERSPENT,
    AccountKind.UNMATCHED,
    AccountKind.REPAID,
    AccountKind.LAPSED,
)
ACCOUNTS_OF_BOOK = {
    FunderKind.NHS: _OF_EVERY_FUNDER,
    FunderKind.COUNCIL: (*_OF_EVERY_FUNDER, AccountKind.CHARGED, AccountKind.CHARGE_DUE),
    FunderKind.PERSON: (AccountKind.OWN_MONEY, AccountKind.CONTRIBUTED),
}
# What was spent, wherever it is now: together they are what left what is available.
SPENT = (
    AccountKind.PAID_OUT,
    AccountKind.WITH_BROKER,
    AccountKind.WITH_PERSON,
    AccountKind.EVIDENCED,
    AccountKind.DELIVERED,
)
BETWEEN_FUNDERS = (AccountKind.DUE_TO, AccountKind.DUE_FROM, AccountKind.SETTLED)
# What a funder has spent in all: by itself, and what another paid in its place, whether that is due
# yet or settled between the two.
SPENT_IN_ALL = (*SPENT, *BETWEEN_FUNDERS)


def account_name(kind: AccountKind, counterparty: str = "") -> str:
    """Return what a finance officer reads: ``available``, ``due_to E08000025``.

    Args:
        kind: what the account holds.
        counterparty: the other organisation's code, for what is due between two.
    """
    return f"{kind} {counterparty}" if counterparty else kind.value


def names_of_book(
    kind: FunderKind, *, counterparties: Collection[str] = ()
) -> Iterator[tuple[AccountKind, str]]:
    """Yield kind and name of each account of a book, those for each counterparty included."""
    for account_kind in ACCOUNTS_OF_BOOK[kind]:
        yield account_kind, account_name(account_kind)
    for code in counterparties:
        for account_kind in BETWEEN_FUNDERS:
            yield account_kind, account_name(account_kind, code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An amount that moves from one account to another of the same funder's book."""

    funder_id: UUID
    debit: str  # the account's name
    credit: str
    amount_pence: int


def entry(funder_id: UUID, debit: AccountKind, credit: AccountKind, amount_pence: int) -> Entry:
    """Return an entry between two accounts that are named by their kind alone."""
    return Entry(
        funder_id=funder_id,
        debit=account_name(debit),
        credit=account_name(credit),
        amount_pence=amount_pence,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPortion:
    """What one funder has of a hold, in absolute amounts, in pence."""

    funder_id: UUID
    asked_pence: int
    held_pence: int = 0
    posted_pence: int = 0
    overspent_pence: int = 0
    advanced_pence: int = 0  # by the host, in this funder's place


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHold:
    """A hold as it is to stand. What accounts hold follows from its portions."""

    purchase_id: UUID
    budget_id: UUID
    item_id: UUID
    agreement_id: UUID
    asked_pence: int
    expires_at: datetime
    version: int
    amounts_version: int
    unmatched_pence: int  # came back beyond what was captured; nobody's portion
    expired_at: datetime | None  # holds nothing from then on
    portions: Sequence[KeptPortion]

    @property
    def held_pence(self) -> int:
        return sum(portion.held_pence for portion in self.portions)

    @property
    def posted_pence(self) -> int:
        return sum(portion.posted_pence for portion in self.portions)

    @property
    def overspent_pence(self) -> int:
        return sum(portion.overspent_pence for portion in self.portions)


def paired(
    funder_id: UUID, *, debits: Iterable[tuple[str, int]], credits_: Iterable[tuple[str, int]]
) -> Iterator[Entry]:
    """Make entries of what leaves accounts and what reaches others of one book.

    Both sides are pairs of an account's name and pence, none below nothing, and come to the same.
    """
    waiting = [(name, pence) for name, pence in credits_ if pence]
    for debit, pence in debits:
        left_pence = pence
        while left_pence:
            credit, wanted_pence = waiting.pop(0)
            amount_pence = min(left_pence, wanted_pence)
            yield Entry(funder_id=funder_id, debit=debit, credit=credit, amount_pence=amount_pence)
            left_pence -= amount_pence
            if wanted_pence > amount_pence:
                waiting.insert(0, (credit, wanted_pence - amount_pence))


def flow(
    funder_id: UUID, sources: Sequence[tuple[str, int]], targets: Sequence[tuple[str, int]]
) -> list[Entry]:
    """Return the entries of pence that flow from sources to targets, or back where negative.

    Both are pairs of an account's name and pence, and come to the same.
    """
    debits = [*_positive(sources), *_negative(targets)]
    credits_ = [*_positive(targets), *_negative(sources)]
    return list(paired(funder_id, debits=debits, credits_=credits_))


def _positive(amounts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(name, pence) for name, pence in amounts if pence > 0]


def _negative(amounts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(name, -pence) for name, pence in amounts if pence < 0]


class InsufficientFundsError(Refusal):
    """There is less available than was asked for."""

    code = "insufficient_funds"
    next_step = "Ask for a smaller amount, or for a review of the budget."

    def __init__(self, *, requested_pence: int, available_pence: int) -> None:
        super().__init__(
            "There is not enough money in this budget.",
            requested_pence=requested_pence,
            available_pence=available_pence,
        )


class BudgetNotFoundError(NotFoundError):
    """There is no such budget."""

    code = "budget_not_found"


class FunderNotInBudgetError(Refusal):
    """The organisation has no book for this budget."""

    code = "funder_not_in_budget"
    next_step = "Name a partner of the budget's pool, once the shares are agreed."


class PeriodClosedError(Refusal):
    """The books are closed for the day."""

    code = "period_closed"
    next_step = "Date it in the open period and say in the reason when it happened."


class BatchTooLargeError(Refusal):
    """More is to be booked at once than one transaction should hold locks for."""

    code = "batch_too_large"
    next_step = "Ask for it in several parts."

    def __init__(self, *, asked: int, most: int) -> None:
        super().__init__("This is too much to be booked at once.", asked=asked, most=most)
