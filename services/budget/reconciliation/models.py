"""Lines from outside, what they are matched with, and who looks after the rest.

Nothing here is changed or deleted. A match is undone by a row that says so; suspense changes hands
by a row; and suspense has no state of its own: it is open as long as its line is in no match.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Select,
    UniqueConstraint,
    case,
    exists,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from services.budget.accounts.models import Account, Journal, Posting
from services.budget.accounts.rules import AccountKind
from services.budget.reconciliation.rules import LedgerLine, OutsideLine, Rule, Why
from services.budget.tables import Table

# The accounts through which money comes from outside or goes there: a debit is money in, a credit
# money out. What the person pays towards the council's part comes in by ``charged``. A direct
# payment leaves the bank when it is with the person; between two of these accounts, as when it is
# evidenced, nothing moves outside. What a broker spends, or a partner delivers, no bank here sees.
CASH = (
    AccountKind.PAID_IN,
    AccountKind.CHARGED,
    AccountKind.PAID_OUT,
    AccountKind.WITH_PERSON,
    AccountKind.EVIDENCED,
)

_ONE_SIDE = (
    "num_nonnulls(external_line_id, journal_id) = 1 AND (journal_id IS NULL) = (line IS NULL)"
)


class ExternalFile(Table):
    """A file of a bank or a card programme that was taken in."""

    __tablename__ = "external_files"
    __table_args__ = (
        CheckConstraint("octet_length(sha256) = 32", name="sha256_whole"),
        CheckConstraint("lines > 0", name="not_empty"),
    )
    file_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str]
    sha256: Mapped[bytes] = mapped_column(unique=True)
    lines: Mapped[int]
    imported_at: Mapped[datetime]
    actor: Mapped[str]


class ExternalLine(Table):
    """One line of such a file: the first in which it came."""

    __tablename__ = "external_lines"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        CheckConstraint("amount_pence <> 0", name="amount_not_zero"),
    )
    external_line_id: Mapped[int] = mapped_column(
        Identity(always=True), primary_key=True, init=False
    )
    file_id: Mapped[UUID] = mapped_column(ForeignKey("external_files.file_id"), index=True)
    source: Mapped[str]
    external_id: Mapped[str]
    amount_pence: Mapped[int]  # money in is positive, money out negative
    booked_on: Mapped[date] = mapped_column(index=True)
    reference: Mapped[str]  # as the bank wrote it: it may name people, and is never shown or logged


class LineMatch(Table):
    """Lines that a rule, or somebody, takes for the same money."""

    __tablename__ = "matches"
    __table_args__ = (
        CheckConstraint("actor <> ''", name="actor_told"),
        CheckConstraint("reason <> ''", name="reason_told"),
    )
    match_id: Mapped[UUID] = mapped_column(primary_key=True)
    rule: Mapped[Rule]
    amount_pence: Mapped[int]
    matched_at: Mapped[datetime]
    actor: Mapped[str]
    reason: Mapped[str]


class MatchLine(Table):
    """A line that belongs to a match: of one side or of the other."""

    __tablename__ = "match_lines"
    __table_args__ = (
        ForeignKeyConstraint(["journal_id", "line"], ["postings.journal_id", "postings.line"]),
        CheckConstraint(_ONE_SIDE, name="of_one_side"),
        Index("match_lines_journal_id_line_ix", "journal_id", "line"),
    )
    match_id: Mapped[UUID] = mapped_column(ForeignKey("matches.match_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    external_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("external_lines.external_line_id"), index=True
    )
    journal_id: Mapped[UUID | None]
    line: Mapped[int | None]


class UndoneMatch(Table):
    """A match that somebody found wrong."""

    __tablename__ = "undone_matches"
    __table_args__ = (
        CheckConstraint("actor <> ''", name="actor_told"),
        CheckConstraint("reason <> ''", name="reason_told"),
    )
    match_id: Mapped[UUID] = mapped_column(ForeignKey("matches.match_id"), primary_key=True)
    undone_at: Mapped[datetime]
    actor: Mapped[str]
    reason: Mapped[str]


class SuspenseItem(Table):
    """A line that was not matched when the rules were asked, and why."""

    __tablename__ = "suspense_items"
    __table_args__ = (
        ForeignKeyConstraint(["journal_id", "line"], ["postings.journal_id", "postings.line"]),
        CheckConstraint(_ONE_SIDE, name="of_one_side"),
        UniqueConstraint("journal_id", "line"),
    )
    suspense_id: Mapped[UUID] = mapped_column(primary_key=True)
    external_line_id: Mapped[int | None] = mapped_column(
        ForeignKey("external_lines.external_line_id"), unique=True
    )
    journal_id: Mapped[UUID | None]
    line: Mapped[int | None]
    why: Mapped[Why]
    opened_at: Mapped[datetime]


class SuspenseAssignment(Table):
    """Who looks after an item, and until when; the one with the highest number counts."""

    __tablename__ = "suspense_assignments"
    __table_args__ = (
        CheckConstraint("owner LIKE '_%/_%'", name="owner_told"),
        CheckConstraint("actor <> ''", name="actor_told"),
        CheckConstraint("reason <> ''", name="reason_told"),
    )
    suspense_id: Mapped[UUID] = mapped_column(
        ForeignKey("suspense_items.suspense_id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    owner: Mapped[str]
    due_on: Mapped[date]
    assigned_at: Mapped[datetime]
    actor: Mapped[str]
    reason: Mapped[str]


def _in_a_match(*of_line: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(MatchLine.match_id)
        .where(*of_line)
        .where(~exists().where(UndoneMatch.match_id == MatchLine.match_id))
    )


def is_matched_outside() -> ColumnElement[bool]:
    return _in_a_match(MatchLine.external_line_id == ExternalLine.external_line_id)


def cash_lines() -> Select[Any]:
    """Return the ledger's lines that move money in or out: what ``CASH`` says, and no other."""
    debit, credit = aliased(Account), aliased(Account)
    is_in, is_out = debit.kind.in_(CASH), credit.kind.in_(CASH)
    amount_pence = case((is_in, Posting.amount_pence), else_=-Posting.amount_pence)
    of_line = (MatchLine.journal_id == Posting.journal_id, MatchLine.line == Posting.line)
    return (
        select(
            Posting.journal_id,
            Posting.line,
            amount_pence.label("amount_pence"),
            Journal.occurred_on,
            Journal.source_id,
            Journal.metadata_["reference"].astext.label("reference"),
            _in_a_match(*of_line).label("is_matched"),
        )
        .join(Journal, Journal.journal_id == Posting.journal_id)
        .join(debit, debit.account_id == Posting.debit_account_id)
        .join(credit, credit.account_id == Posting.credit_account_id)
        .where(is_in != is_out)
    )


def external_lines(
    session: Session, *, since: date, until: date, most: int
) -> dict[OutsideLine, int]:
    """Return the unmatched lines from outside, each with its number here."""
    lines = (
        select(ExternalLine)
        .where(ExternalLine.booked_on.between(since, until))
        .where(~is_matched_outside())
        .order_by(ExternalLine.external_line_id)
        .limit(most)
    )
    return {as_outside_line(line): line.external_line_id for line in session.scalars(lines)}


def external_lines_named(
    session: Session, keys: Collection[tuple[str, str]]
) -> dict[OutsideLine, tuple[int, bool]]:
    """Return the lines with these sources and ids, each with its number and if it is matched."""
    lines = select(ExternalLine, is_matched_outside()).where(
        tuple_(ExternalLine.source, ExternalLine.external_id).in_(keys)
    )
    return {
        as_outside_line(line): (line.external_line_id, is_matched)
        for line, is_matched in session.execute(lines)
    }


def as_outside_line(line: ExternalLine) -> OutsideLine:
    return OutsideLine(
        source=line.source,
        external_id=line.external_id,
        amount_pence=line.amount_pence,
        booked_on=line.booked_on,
        reference=line.reference,
    )


def ledger_lines(
    session: Session, *, since: date, until: date, most: int, is_matched: bool = False
) -> list[LedgerLine]:
    """Return the ledger's lines that move money in or out, matched ones or unmatched ones."""
    cash = cash_lines().subquery()
    lines = (
        select(cash)
        .where(cash.c.occurred_on.between(since, until))
        .where(cash.c.is_matched == is_matched)
        .order_by(cash.c.occurred_on, cash.c.journal_id, cash.c.line)
        .limit(most)
    )
    return [_as_ledger_line(row) for row in session.execute(lines)]


def ledger_lines_named(
    session: Session, keys: Collection[tuple[UUID, int]]
) -> dict[LedgerLine, bool]:
    """Return the lines with these journals and numbers, and whether each is matched."""
    cash = cash_lines().subquery()
    lines = select(cash).where(cash.c.journal_id.in_({journal_id for journal_id, _ in keys}))
    rows = [row for row in session.execute(lines) if (row.journal_id, row.line) in keys]
    return {_as_ledger_line(row): row.is_matched for row in rows}


def _as_ledger_line(row: Any) -> LedgerLine:
    references = (str(row.source_id), row.reference)
    return LedgerLine(
        journal_id=row.journal_id,
        line=row.line,
        amount_pence=row.amount_pence,
        occurred_on=row.occurred_on,
        references=tuple(reference for reference in references if reference),
    )


def undone_matches(session: Session) -> list[frozenset[Any]]:
    """Return the keys of the lines of each match that somebody found wrong."""
    lines: dict[UUID, set[Any]] = {}
    rows = session.execute(
        select(MatchLine, ExternalLine)
        .join(UndoneMatch, UndoneMatch.match_id == MatchLine.match_id)
        .join(
            ExternalLine,
            ExternalLine.external_line_id == MatchLine.external_line_id,
            isouter=True,
        )
    )
    for line, external in rows:
        is_outside = line.external_line_id is not None
        key = as_outside_line(external).key if is_outside else (line.journal_id, line.line)
        lines.setdefault(line.match_id, set()).add(key)
    return [frozenset(keys) for keys in lines.values()]


def in_suspense(
    session: Session,
    lines: Collection[OutsideLine | LedgerLine],
    numbers: Mapping[OutsideLine, int],
) -> set[OutsideLine | LedgerLine]:
    """Return those of the lines that are, or were, in suspense: they keep their item."""
    by_place: dict[Any, OutsideLine | LedgerLine] = {
        numbers[line] if isinstance(line, OutsideLine) else line.key: line for line in lines
    }
    journal_ids = {line.journal_id for line in lines if isinstance(line, LedgerLine)}
    items = select(SuspenseItem).where(
        SuspenseItem.external_line_id.in_(numbers.values())
        | SuspenseItem.journal_id.in_(journal_ids)
    )
    places = {
        item.external_line_id or (item.journal_id, item.line) for item in session.scalars(items)
    }
    return {line for place, line in by_place.items() if place in places}


def is_settled(session: Session, item: SuspenseItem) -> bool:
    """Tell whether the line of a suspense item is in a match."""
    of_line = (
        [MatchLine.external_line_id == item.external_line_id]
        if item.external_line_id is not None
        else [MatchLine.journal_id == item.journal_id, MatchLine.line == item.line]
    )
    return bool(session.scalar(select(_in_a_match(*of_line))))
