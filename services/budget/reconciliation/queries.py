"""What people read of both sides: what is matched, what is not, and who looks after it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Date, String, Uuid, case, cast, func, literal, null, select
from sqlalchemy import union_all as union
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import Subquery

from services.budget.reconciliation import models
from services.budget.reconciliation.models import (
    ExternalLine,
    LineMatch,
    SuspenseAssignment,
    SuspenseItem,
    UndoneMatch,
)
from services.budget.reconciliation.rules import Side

SHOWN = 100  # items in suspense that an answer spells out, the first due first
# Days in suspense, up to and with.
AGES = {"a_week": 7, "a_month": 31, "a_quarter": 92}


def reconciliation(on: date, *, session: Session) -> dict[str, Any]:
    """Return both sides in lines and pence, and suspense by owner and age as of a day.

    What is matched and what is not add up to what there is; what is not matched is in suspense,
    or has not been looked at, or is still awaited on the account. What is matched is the same on
    both sides, so the sides differ by exactly what is not.
    """
    lines = _every_line().subquery()
    sides = _sides(session, lines)
    return {
        "on": on,
        "sides": sides,
        "difference_pence": sides[Side.OUTSIDE]["unmatched"]["amount_pence"]
        - sides[Side.LEDGER]["unmatched"]["amount_pence"],
        "sources": _sources(session, lines),
        "matches": _matches(session),
        "suspense": {
            "by_owner": _by_owner(session, lines, on),
            "first_due": _first_due(session, lines, on),
        },
    }


def _every_line() -> Any:
    """Return every line of both sides with what became of it."""
    cash = models.cash_lines().subquery()
    of_ledger = (SuspenseItem.journal_id == cash.c.journal_id) & (SuspenseItem.line == cash.c.line)
    of_outside = SuspenseItem.external_line_id == ExternalLine.external_line_id
    return union(
        select(
            literal(Side.OUTSIDE.value, String).label("side"),
            ExternalLine.source,
            ExternalLine.external_id,
            cast(null(), Uuid).label("journal_id"),
            cast(null(), SuspenseItem.line.type).label("line"),
            ExternalLine.amount_pence,
            ExternalLine.booked_on.label("moved_on"),
            models.is_matched_outside().label("is_matched"),
            SuspenseItem.suspense_id,
        ).join(SuspenseItem, of_outside, isouter=True),
        select(
            literal(Side.LEDGER.value, String),
            cast(null(), String),
            cast(null(), String),
            cash.c.journal_id,
            cash.c.line,
            cash.c.amount_pence,
            cast(cash.c.occurred_on, Date),
            cash.c.is_matched,
            SuspenseItem.suspense_id,
        ).join(SuspenseItem, of_ledger, isouter=True),
    )


def _sums(lines: Subquery) -> tuple[Any, Any]:
    amount_pence = func.coalesce(func.sum(lines.c.amount_pence), 0)
    return func.count().label("lines"), amount_pence.label("amount_pence")


def _sides(session: Session, lines: Subquery) -> dict[Side, dict[str, dict[str, int]]]:
    """Return what there is on each side and what became of it, counted in one reading."""
    in_suspense = lines.c.suspense_id.is_not(None)
    found = session.execute(
        select(
            lines.c.side, lines.c.is_matched, in_suspense.label("in_suspense"), *_sums(lines)
        ).group_by(lines.c.side, lines.c.is_matched, in_suspense)
    ).all()
    return {side: _side([row for row in found if row.side == side]) for side in Side}


def _side(found: Sequence[Any]) -> dict[str, dict[str, int]]:
    unmatched = [row for row in found if not row.is_matched]
    return {
        "all": _total(found),
        "matched": _total([row for row in found if row.is_matched]),
        "unmatched": _total(unmatched),
        "in_suspense": _total([row for row in unmatched if row.in_suspense]),
        "awaited": _total([row for row in unmatched if not row.in_suspense]),
    }


def _total(rows: Sequence[Any]) -> dict[str, int]:
    return {
        "lines": sum(row.lines for row in rows),
        "amount_pence": int(sum(row.amount_pence for row in rows)),
    }


def _sources(session: Session, lines: Subquery) -> list[dict[str, Any]]:
    """Return each bank account and card programme, and what of it is unmatched."""
    unmatched = case((lines.c.is_matched, 0), else_=1)
    rows = session.execute(
        select(
            lines.c.source,
            *_sums(lines),
            func.sum(unmatched).label("unmatched_lines"),
            func.sum(unmatched * lines.c.amount_pence).label("unmatched_pence"),
            func.max(lines.c.moved_on).label("newest_on"),
        )
        .where(lines.c.side == Side.OUTSIDE.value)
        .group_by(lines.c.source)
        .order_by(lines.c.source)
    )
    return [
        {
            "source": row.source,
            "lines": row.lines,
            "amount_pence": int(row.amount_pence),
            "unmatched_lines": int(row.unmatched_lines),
            "unmatched_pence": int(row.unmatched_pence),
            "newest_on": row.newest_on,
        }
        for row in rows
    ]


def _matches(session: Session) -> dict[str, Any]:
    """Return how many matches stand, by rule, and how many were undone."""
    undone = select(UndoneMatch.match_id)
    standing = (
        select(LineMatch.rule, func.count())
        .where(LineMatch.match_id.not_in(undone))
        .group_by(LineMatch.rule)
        .order_by(LineMatch.rule)
    )
    return {
        "by_rule": dict(iter(session.execute(standing))),
        "undone": session.scalar(select(func.count()).select_from(UndoneMatch)),
    }


def _in_suspense(lines: Subquery) -> Subquery:
    """Return what is in suspense now, with whoever was named last for it."""
    newest = (
        select(SuspenseAssignment)
        .ext(distinct_on(SuspenseAssignment.suspense_id))
        .order_by(SuspenseAssignment.suspense_id, SuspenseAssignment.number.desc())
        .subquery()
    )
    return (
        select(
            lines,
            SuspenseItem.why,
            cast(func.timezone("Europe/London", SuspenseItem.opened_at), Date).label("opened_on"),
            newest.c.owner,
            newest.c.due_on,
        )
        .join(SuspenseItem, SuspenseItem.suspense_id == lines.c.suspense_id)
        .join(newest, newest.c.suspense_id == SuspenseItem.suspense_id)
        .where(~lines.c.is_matched)
        .subquery()
    )


def _by_owner(session: Session, lines: Subquery, on: date) -> list[dict[str, Any]]:
    items = _in_suspense(lines)
    age = literal(on, Date) - items.c.opened_on
    groups = case(*((age <= days, name) for name, days in AGES.items()), else_="longer")
    amount = items.c.amount_pence
    rows = session.execute(
        select(
            items.c.owner,
            groups.label("age"),
            func.count().label("lines"),
            func.coalesce(func.sum(amount).filter(amount > 0), 0).label("in_pence"),
            func.coalesce(func.sum(amount).filter(amount < 0), 0).label("out_pence"),
            func.count().filter(items.c.due_on < on).label("overdue"),
        )
        .group_by(items.c.owner, groups)
        .order_by(items.c.owner, func.min(age))
    )
    return [
        {
            "owner": row.owner,
            "age": row.age,
            "lines": row.lines,
            "in_pence": int(row.in_pence),
            "out_pence": int(row.out_pence),
            "overdue": row.overdue,
        }
        for row in rows
    ]


def _first_due(session: Session, lines: Subquery, on: date) -> list[dict[str, Any]]:
    """Return what is due first, each line as it is named: never what the bank wrote."""
    items = _in_suspense(lines)
    rows = session.execute(select(items).order_by(items.c.due_on, items.c.suspense_id).limit(SHOWN))
    return [
        {
            "suspense_id": row.suspense_id,
            "why": row.why,
            "owner": row.owner,
            "due_on": row.due_on,
            "age_days": (on - row.opened_on).days,
            "amount_pence": row.amount_pence,
            "moved_on": row.moved_on,
            "line": {"source": row.source, "external_id": row.external_id}
            if row.side == Side.OUTSIDE
            else {"journal_id": row.journal_id, "line": row.line},
        }
        for row in rows
    ]
