"""The bookkeeper: writes finished journals and holds, atomically, in one round trip.

It knows accounts, pence and dates, and nothing of care. Who pays which part is decided before
it is asked, in the subjects' ``rules.py``. Its other half is the database function ``book``
(migration 0004), which locks the balances in order, writes and checks, and which alone may write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.budget.accounts.models import Account, JournalKind
from services.budget.accounts.rules import (
    ACCOUNTS_OF_BOOK,
    AccountKind,
    BatchTooLargeError,
    FunderId,
)
from shared.contracts import documents

Accounts = Mapping[tuple[UUID, FunderId, AccountKind], int]

MOST_BOOKINGS = 1_000
# What the database function takes: a list for each, and the type of its elements.
ARGUMENTS = {
    "journal_ids": "uuid",
    "budget_ids": "uuid",
    "kinds": "text",
    "source_ids": "uuid",
    "effective_ons": "date",
    "occurred_ons": "date",
    "actors": "text",
    "reasons": "text",
    "metadata": "jsonb",
    "posting_journal_ids": "uuid",
    "lines": "bigint",
    "funder_ids": "text",
    "debit_account_ids": "bigint",
    "credit_account_ids": "bigint",
    "amounts_pence": "bigint",
    "held_account_ids": "bigint",
    "held_steps_pence": "bigint",
}
_BOOK = text(
    f"SELECT book({', '.join(f'CAST(:{name} AS {kind}[])' for name, kind in ARGUMENTS.items())})"
)
_OPEN_BOOKS = text("SELECT open_books(:budget_id, :funder_ids, :kinds)")
_LOCK_AVAILABLE = text("SELECT funder_id, posted_pence, held_pence FROM lock_available(:budget_id)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An amount that moves from one account to another of the same funder's book."""

    funder_id: FunderId
    debit: AccountKind
    credit: AccountKind
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What one operation does to one budget's books: entries, and steps of what is held.

    ``occurred_on`` is when it happened in the world, ``effective_on`` the day it counts for in the
    books; when it was written down the database notes itself.
    """

    budget_id: UUID
    kind: JournalKind
    source_id: UUID
    effective_on: date
    occurred_on: date
    actor: str  # organisation/role, never a name
    reason: str  # in words that an auditor reads; names nobody
    metadata: Mapping[str, str] = field(default_factory=dict)
    entries: Sequence[Entry] = ()
    held_steps_pence: Mapping[FunderId, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Available:
    """What is in one funder's ``available`` account now."""

    posted_pence: int
    held_pence: int

    @property
    def free_pence(self) -> int:
        return self.posted_pence - self.held_pence


def open_books(session: Session, *, budget_id: UUID, funder_ids: Iterable[FunderId]) -> None:
    """Open the accounts of each funder's book for one budget."""
    kinds = [(funder_id, kind) for funder_id in funder_ids for kind in ACCOUNTS_OF_BOOK[funder_id]]
    session.flush()
    session.execute(
        _OPEN_BOOKS,
        {
            "budget_id": budget_id,
            "funder_ids": [funder_id.value for funder_id, _ in kinds],
            "kinds": [kind.value for _, kind in kinds],
        },
    )


def lock_available(session: Session, *, budget_id: UUID) -> dict[FunderId, Available]:
    """Lock what is available in a budget until this transaction ends, and return it."""
    with session.no_autoflush:  # what is to be written is written with the booking
        rows = session.execute(_LOCK_AVAILABLE, {"budget_id": budget_id}).all()
    return {
        FunderId(row.funder_id): Available(posted_pence=row.posted_pence, held_pence=row.held_pence)
        for row in rows
    }


def free_pence_after(available: Mapping[FunderId, Available], booking: Booking) -> int:
    """Return what is free in a budget after ``booking``, of what was locked before it, in pence."""
    free_pence = sum(part.free_pence for part in available.values())
    for entry in booking.entries:
        if entry.credit is AccountKind.AVAILABLE:
            free_pence += entry.amount_pence
        if entry.debit is AccountKind.AVAILABLE:
            free_pence -= entry.amount_pence
    return free_pence - sum(booking.held_steps_pence.values())


def book(session: Session, *bookings: Booking) -> None:
    """Write bookings, all or none. The caller holds the locks and has seen that there is enough.

    Raises:
        BatchTooLargeError: there are more than a thousand.
        sqlalchemy.exc.IntegrityError: they would overdraw an account; nothing is written.
    """
    if len(bookings) > MOST_BOOKINGS:
        raise BatchTooLargeError(asked=len(bookings), most=MOST_BOOKINGS)
    session.flush()
    accounts = _accounts(session, {booking.budget_id for booking in bookings})
    session.execute(_BOOK, _columns(bookings, accounts))


def _columns(bookings: Sequence[Booking], accounts: Accounts) -> dict[str, list[Any]]:
    """Return one list for each argument of the database function."""
    columns: dict[str, list[Any]] = {name: [] for name in ARGUMENTS}

    def add(**values: Any) -> None:
        for name, value in values.items():
            columns[name].append(value)

    for booking in bookings:
        of_budget = partial(_account_of, accounts, booking.budget_id)
        entries = [entry for entry in booking.entries if entry.amount_pence]
        journal_id = uuid4()
        if entries:
            add(
                journal_ids=journal_id,
                budget_ids=booking.budget_id,
                kinds=booking.kind.value,
                source_ids=booking.source_id,
                effective_ons=booking.effective_on,
                occurred_ons=booking.occurred_on,
                actors=booking.actor,
                reasons=booking.reason,
                metadata=documents.write(dict(booking.metadata)).decode(),
            )
        for line, entry in enumerate(entries, start=1):
            add(
                posting_journal_ids=journal_id,
                lines=line,
                funder_ids=entry.funder_id.value,
                debit_account_ids=of_budget(entry.funder_id, entry.debit),
                credit_account_ids=of_budget(entry.funder_id, entry.credit),
                amounts_pence=entry.amount_pence,
            )
        for funder_id, step_pence in booking.held_steps_pence.items():
            if step_pence:
                add(
                    held_account_ids=of_budget(funder_id, AccountKind.AVAILABLE),
                    held_steps_pence=step_pence,
                )
    return columns


def _account_of(accounts: Accounts, budget_id: UUID, funder_id: FunderId, kind: AccountKind) -> int:
    return accounts[budget_id, funder_id, kind]


def _accounts(session: Session, budget_ids: Iterable[UUID]) -> Accounts:
    rows = session.execute(
        select(Account.budget_id, Account.funder_id, Account.kind, Account.account_id).where(
            Account.budget_id.in_(budget_ids)
        )
    )
    return {(row.budget_id, row.funder_id, row.kind): row.account_id for row in rows}
