"""The bookkeeper: writes finished journals and holds, atomically, in one round trip.

It knows accounts, pence and dates, and nothing of care. Who pays which part is decided before
it is asked, in the subjects' ``rules.py``. Its other half is the database function ``book``
(migration 0017), which locks the balances in order, writes and checks, and which alone may write.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.budget.accounts.models import Account, JournalKind
from services.budget.accounts.rules import (
    AccountKind,
    BatchTooLargeError,
    Entry,
    KeptHold,
    KeptPortion,
    PeriodClosedError,
    account_name,
    names_of_book,
)
from services.budget.funders.rules import FunderKind
from shared.contracts import documents
from shared.database import sqlstate
from shared.messaging import effects
from shared.trace import Trace

MOST_BOOKINGS = 1_000
PERIOD_CLOSED = "CP001"  # what ``book`` raises for a day in a closed period
# What the database function takes: a list for each, and the type of its elements.
JOURNALS = {
    "journal_ids": "uuid",
    "budget_ids": "uuid",
    "kinds": "text",
    "source_ids": "uuid",
    "effective_ons": "date",
    "occurred_ons": "date",
    "actors": "text",
    "reasons": "text",
    "metadata": "jsonb",
}
POSTINGS = {
    "journal_places": "bigint",  # in the lists above, from 1
    "lines": "bigint",
    "funder_ids": "uuid",
    "debits": "text",
    "credits": "text",
    "amounts_pence": "bigint",
}
HOLDS = {
    "purchase_ids": "uuid",
    "held_in_ids": "uuid",  # budgets
    "item_ids": "uuid",
    "agreement_ids": "uuid",
    "asked_pence": "bigint",
    "expires_ats": "timestamptz",
    "versions": "bigint",
    "amounts_versions": "bigint",
    "unmatched_pence": "bigint",
    "expired_ats": "timestamptz",
}
PORTIONS = {
    "hold_places": "bigint",  # in the lists above, from 1
    "payer_ids": "uuid",  # funders
    "parts_asked": "bigint",
    "parts_held": "bigint",
    "parts_posted": "bigint",
    "parts_overspent": "bigint",
    "parts_advanced": "bigint",
}
ARGUMENTS = {**JOURNALS, **POSTINGS, **HOLDS, **PORTIONS}
_BOOK = text(
    f"SELECT book({', '.join(f'CAST(:{name} AS {kind}[])' for name, kind in ARGUMENTS.items())})"
)
_SETTLED = text("SELECT settled_at, settled_seq FROM settled()")
_A_MOMENT = timedelta(microseconds=1)  # the smallest difference between two instants in the books
_OPEN_BOOKS = text("SELECT open_books(:budget_id, CAST(:funder_ids AS uuid[]), :kinds, :names)")
_OPEN_ACCOUNT = text("""
    SELECT open_books(budget_id, array_agg(funder_id), array_agg(CAST(:kind AS text)),
                      array_agg(CAST(:kind AS text)))
    FROM accounts AS a
    WHERE kind = 'available' AND budget_id = ANY(:budget_ids)
      AND NOT EXISTS (SELECT FROM accounts AS o
                      WHERE (o.budget_id, o.funder_id, o.name)
                            = (a.budget_id, a.funder_id, CAST(:kind AS text)))
    GROUP BY budget_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What one operation does to one budget's books: entries, and how its hold is to stand.

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
    hold: KeptHold | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A funder's book that is to be opened for a budget."""

    funder_id: UUID
    kind: FunderKind
    counterparties: Sequence[str] = ()  # codes of those with whom money may come to be due


def todays_booking(
    budget_id: UUID,
    *,
    kind: JournalKind,
    source_id: UUID,
    reason: str,
    entries: Sequence[Entry],
    trace: Trace,
    metadata: Mapping[str, str] | None = None,
    hold: KeptHold | None = None,
) -> Booking:
    """Return a booking of today, by whoever the trace says acts."""
    return Booking(
        budget_id=budget_id,
        kind=kind,
        source_id=source_id,
        effective_on=trace.today,
        occurred_on=trace.today,
        actor=trace.actor,
        reason=reason,
        metadata=metadata or {},
        entries=entries,
        hold=hold,
    )


def open_books(session: Session, *, budget_id: UUID, books: Sequence[Book]) -> None:
    """Open the accounts of each funder's book for one budget; what is open stays as it is."""
    opened = [
        (book.funder_id, kind, name)
        for book in books
        for kind, name in names_of_book(book.kind, counterparties=book.counterparties)
    ]
    session.flush()
    session.execute(
        _OPEN_BOOKS,
        {
            "budget_id": budget_id,
            "funder_ids": [funder_id for funder_id, _, _ in opened],
            "kinds": [kind.value for _, kind, _ in opened],
            "names": [name for _, _, name in opened],
        },
    )


def open_account(session: Session, kind: AccountKind, *, budget_ids: Sequence[UUID]) -> None:
    """Open an account in each organisation's book of budgets that were opened before it was."""
    session.execute(_OPEN_ACCOUNT, {"kind": kind.value, "budget_ids": list(budget_ids)})


def funders_of(session: Session, budget_id: UUID) -> frozenset[UUID]:
    """Return the organisations that have a book for a budget."""
    books = select(Account.funder_id).where(
        Account.budget_id == budget_id, Account.kind == AccountKind.AVAILABLE
    )
    return frozenset(session.scalars(books))


def free_step_pence(booking: Booking, *, held_before_pence: int = 0) -> int:
    """Return by how much a booking changes what is free in its budget, in pence."""
    free_pence = 0
    for entry in booking.entries:
        if entry.credit == account_name(AccountKind.AVAILABLE):
            free_pence += entry.amount_pence
        if entry.debit == account_name(AccountKind.AVAILABLE):
            free_pence -= entry.amount_pence
    held_pence = booking.hold.held_pence if booking.hold else 0
    return free_pence - (held_pence - held_before_pence)


def book(session: Session, *bookings: Booking) -> None:
    """Write bookings, all or none. The caller holds the budgets' locks.

    Raises:
        BatchTooLargeError: there are more than a thousand.
        PeriodClosedError: the books are closed for a day of one of them; nothing is written.
        sqlalchemy.exc.IntegrityError: they would overdraw an account; nothing is written.
    """
    if len(bookings) > MOST_BOOKINGS:
        raise BatchTooLargeError(asked=len(bookings), most=MOST_BOOKINGS)
    session.flush()
    try:
        session.execute(_BOOK, _columns(bookings))
    except DBAPIError as error:
        if sqlstate(error) != PERIOD_CLOSED:
            raise
        raise PeriodClosedError("The books are closed for that day.") from error
    for booking in bookings:
        effects.note(session, booked=booking)


def book_in_parts(session: Session, bookings: Sequence[Booking]) -> None:
    """Write any number of bookings, a thousand at a time. The caller holds the budgets' locks.

    Raises:
        PeriodClosedError, sqlalchemy.exc.IntegrityError: see ``book``.
    """
    for first in range(0, len(bookings), MOST_BOOKINGS):
        book(session, *bookings[first : first + MOST_BOOKINGS])


def _columns(bookings: Sequence[Booking]) -> dict[str, list[Any]]:
    """Return one list for each argument of the database function."""
    columns: dict[str, list[Any]] = {name: [] for name in ARGUMENTS}
    for booking in bookings:
        entries = [entry for entry in booking.entries if entry.amount_pence]
        if entries:
            _add(columns, JOURNALS, _journal(booking))
        for line, entry in enumerate(entries, start=1):
            _add(columns, POSTINGS, _posting(len(columns["journal_ids"]), line, entry))
        if booking.hold is not None:
            _add(columns, HOLDS, _hold(booking.hold))
            for portion in booking.hold.portions:
                _add(columns, PORTIONS, _portion(len(columns["purchase_ids"]), portion))
    return columns


def _add(columns: dict[str, list[Any]], names: Iterable[str], values: Sequence[Any]) -> None:
    for name, value in zip(names, values, strict=True):
        columns[name].append(value)


def _journal(booking: Booking) -> Sequence[Any]:
    return (
        uuid4(),
        booking.budget_id,
        booking.kind.value,
        booking.source_id,
        booking.effective_on,
        booking.occurred_on,
        booking.actor,
        booking.reason,
        documents.write(dict(booking.metadata)).decode(),
    )


def _posting(journal_place: int, line: int, entry: Entry) -> Sequence[Any]:
    return journal_place, line, entry.funder_id, entry.debit, entry.credit, entry.amount_pence


def _hold(hold: KeptHold) -> Sequence[Any]:
    return (
        hold.purchase_id,
        hold.budget_id,
        hold.item_id,
        hold.agreement_id,
        hold.asked_pence,
        hold.expires_at,
        hold.version,
        hold.amounts_version,
        hold.unmatched_pence,
        hold.expired_at,
    )


def _portion(hold_place: int, portion: KeptPortion) -> Sequence[Any]:
    return (
        hold_place,
        portion.funder_id,
        portion.asked_pence,
        portion.held_pence,
        portion.posted_pence,
        portion.overspent_pence,
        portion.advanced_pence,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The last instant and the last number of which everything is committed, or never will be."""

    at: datetime
    seq: int


def settled(session: Session) -> Settled:
    """Ask how far the books are settled: until now, or until before the oldest booking under way.

    Nobody is waited for and nobody waits. What is read by a statement that begins afterwards holds
    everything until then; a transaction that sees one moment only must begin afterwards.
    """
    found = session.execute(_SETTLED).one()
    return Settled(at=found.settled_at - _A_MOMENT, seq=found.settled_seq)
