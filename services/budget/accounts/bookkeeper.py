"""The bookkeeper: writes finished journals and holds, atomically, in one round trip.

It knows accounts, pence and dates, and nothing of care. Who pays which part is decided before
it is asked, in the subjects' ``rules.py``. Its other half is the database function ``book`` in
the first migration, which locks the balances in order, writes and checks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.budget.accounts.models import Account, Balance, JournalKind
from services.budget.accounts.rules import ACCOUNTS_OF_BOOK, AccountKind, FunderId
from shared.contracts import documents

Accounts = Mapping[tuple[FunderId, AccountKind], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An amount that moves from one account to another of the same funder's book."""

    funder_id: FunderId
    debit: AccountKind
    credit: AccountKind
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What one operation does to one budget's books: entries, and steps of what is held."""

    budget_id: UUID
    kind: JournalKind
    source_id: UUID
    effective_on: date
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
    for funder_id in funder_ids:
        for kind in ACCOUNTS_OF_BOOK[funder_id]:
            account = Account(budget_id=budget_id, funder_id=funder_id, kind=kind)
            session.add(account)
            if kind is AccountKind.AVAILABLE:
                session.flush()
                session.add(Balance(account_id=account.account_id))
    session.flush()


def lock_available(session: Session, *, budget_id: UUID) -> dict[FunderId, Available]:
    """Lock what is available in a budget until this transaction ends, and return it."""
    rows = session.execute(
        select(Account.funder_id, Balance.posted_pence, Balance.held_pence)
        .join(Balance, Balance.account_id == Account.account_id)
        .where(Account.budget_id == budget_id)
        .order_by(Account.account_id)
        .with_for_update(key_share=True, of=Balance)
    )
    return {
        row.funder_id: Available(posted_pence=row.posted_pence, held_pence=row.held_pence)
        for row in rows
    }


def book(session: Session, booking: Booking) -> None:
    """Write one booking. The caller holds the lock and has seen that there is enough.

    Raises:
        sqlalchemy.exc.IntegrityError: it would overdraw an account; nothing is written.
    """
    session.flush()
    accounts = _accounts(session, booking.budget_id)
    document = {
        "journal_id": uuid4(),
        "budget_id": booking.budget_id,
        "kind": booking.kind,
        "source_id": booking.source_id,
        "effective_on": booking.effective_on,
        "postings": [
            {
                "funder_id": entry.funder_id,
                "debit_account_id": accounts[entry.funder_id, entry.debit],
                "credit_account_id": accounts[entry.funder_id, entry.credit],
                "amount_pence": entry.amount_pence,
            }
            for entry in booking.entries
            if entry.amount_pence
        ],
        "held_steps": [
            {
                "account_id": accounts[funder_id, AccountKind.AVAILABLE],
                "step_pence": step_pence,
            }
            for funder_id, step_pence in booking.held_steps_pence.items()
            if step_pence
        ],
    }
    session.execute(
        text("SELECT book(cast(:bookings AS jsonb))"),
        {"bookings": documents.write([document]).decode()},
    )


def _accounts(session: Session, budget_id: UUID) -> Accounts:
    rows = session.execute(
        select(Account.funder_id, Account.kind, Account.account_id).where(
            Account.budget_id == budget_id
        )
    )
    return {(row.funder_id, row.kind): row.account_id for row in rows}
