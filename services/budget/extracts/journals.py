"""Journals of a period, and what they did: a journal counts if it was recorded until an instant.

The transaction must see one moment only, and everything that was recorded until the instant.
"""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from services.budget.totals.rules import Scope
from shared.clock import LONDON
from shared.errors import Refusal

MOST_ROWS = 10_000  # no message could hold so many

# ruff: noqa: S608 - what is put together here are words of this file
_IN_PERIOD = """
    effective_on >= :starts_on AND effective_on < :ends_on AND recorded_at <= :known_at
    AND (CAST(:budget_id AS uuid) IS NULL OR j.budget_id = CAST(:budget_id AS uuid))
"""
_OF_FUNDER = """
    (CAST(:funder_id AS uuid) IS NULL OR p.funder_id = CAST(:funder_id AS uuid))
"""
_ACCOUNTS = """
    JOIN accounts AS d ON d.account_id = debit_account_id
    JOIN accounts AS c ON c.account_id = credit_account_id
"""
_LINES = text("""
    SELECT * FROM journal_lines(:budget_id, :funder_id, :starts_on, :ends_on, :known_at,
                                CAST(:kinds AS text[]), :most)
""")
_SPENT = text(f"""
    SELECT i.budget_id, i.item_id, i.description, i.goal, sum(
               CASE WHEN d.kind IN ('available', 'overspent') THEN amount_pence ELSE 0 END
               - CASE WHEN c.kind IN ('available', 'overspent') THEN amount_pence ELSE 0 END
           )::bigint AS spent_pence
    FROM journals AS j JOIN postings AS p USING (journal_id) {_ACCOUNTS}
    JOIN holds AS h ON h.purchase_id = j.source_id JOIN budget_items AS i USING (item_id)
    WHERE {_IN_PERIOD} AND {_OF_FUNDER}
    GROUP BY i.item_id ORDER BY i.description, i.item_id LIMIT :most
""")  # nosec B608  # words of our own
_HELD = text("""
    SELECT item_id, description, goal, sum(held_pence)::bigint AS held_pence
    FROM (SELECT DISTINCT ON (purchase_id, funder_id) h.item_id, a.held_pence
          FROM held_amounts AS a JOIN holds AS h USING (purchase_id)
          WHERE recorded_at <= :known_at AND recorded_at < :ends_at
            AND (CAST(:budget_id AS uuid) IS NULL OR h.budget_id = CAST(:budget_id AS uuid))
            AND (CAST(:funder_id AS uuid) IS NULL OR a.funder_id = CAST(:funder_id AS uuid))
          ORDER BY purchase_id, funder_id, place DESC) AS last JOIN budget_items USING (item_id)
    WHERE held_pence <> 0 GROUP BY item_id, description, goal
    ORDER BY description, item_id LIMIT :most
""")
# What came to be due to others, or from them if below zero, for a year's over- and underspends.
_SHARED = text(f"""
    SELECT coalesce(sum(amount_pence * ((c.kind IN ('due_to', 'due_from'))::int
                                        - (d.kind IN ('due_to', 'due_from'))::int)), 0)::bigint
    FROM journals AS j JOIN postings AS p USING (journal_id) {_ACCOUNTS}
    WHERE j.kind = 'risk_share' AND {_IN_PERIOD} AND {_OF_FUNDER}
""")  # nosec B608  # words of our own
# What was charged, less what of it was taken back or given back: all but what the person paid.
_CHARGED = text("""
    SELECT coalesce(sum(amount_pence * ((d.kind IN ('charge_due', 'charged'))::int
                                        - (c.kind IN ('charge_due', 'charged'))::int)), 0)::bigint
    FROM journals AS j JOIN postings USING (journal_id)
    JOIN accounts AS d ON d.account_id = debit_account_id
    JOIN accounts AS c ON c.account_id = credit_account_id
    WHERE j.budget_id = :budget_id AND j.kind <> 'contribution' AND effective_on < :ends_on
      AND recorded_at <= :known_at
""")
_BOOKED = text(f"""
    SELECT j.seq, j.journal_id, j.budget_id, j.kind, source_id, effective_on, occurred_on,
           recorded_at, actor, reason, metadata::text AS metadata, number AS seal_number,
           encode(hash, 'hex') AS seal_hash
    FROM journals AS j LEFT JOIN sealed_journals AS s ON s.seq = j.seq
    LEFT JOIN seals USING (number)
    WHERE {_IN_PERIOD} ORDER BY j.seq LIMIT :most
""")  # nosec B608  # words of our own
_POSTED = text(f"""
    SELECT j.seq, j.journal_id, j.budget_id, j.kind, source_id, effective_on, occurred_on,
           recorded_at, actor, reason, line, f.funder_id, f.kind AS funder_kind,
           coalesce(f.name, '') AS funder_name, d.name AS debit_account, c.name AS credit_account,
           amount_pence
    FROM journals AS j JOIN postings AS p USING (journal_id) {_ACCOUNTS}
    JOIN funders AS f ON f.funder_id = p.funder_id
    WHERE {_IN_PERIOD} AND {_OF_FUNDER} ORDER BY j.seq, line LIMIT :most
""")  # nosec B608  # words of our own


class StatementTooLargeError(Refusal):
    """No message could hold it."""

    code = "statement_too_large"
    next_step = "Ask for a shorter period."


def lines(session: Session, scope: Scope, *, kinds: Sequence[str]) -> Sequence[Row[Any]]:
    """Return each journal that moved accounts of these kinds, and by how much, the first first.

    Raises:
        StatementTooLargeError: there are too many; so do the others here.
    """
    return _read(session, _LINES, scope, kinds=list(kinds))


def spent(session: Session, scope: Scope) -> Sequence[Row[Any]]:
    """Return what was spent on each thing of a plan, less refunds."""
    return _read(session, _SPENT, scope)


def held(session: Session, scope: Scope) -> Sequence[Row[Any]]:
    """Return what was held at the period's end for each thing of a plan.

    A hold is of no day of the books. It counts from the instant at which it was written down.
    """
    ends_at = datetime.combine(scope.ends_on, time(), tzinfo=LONDON)
    return _read(session, _HELD, scope, ends_at=ends_at)


def charged_pence(session: Session, scope: Scope) -> int:
    """Return what the person was asked to pay until the period's end, in pence.

    What a repayment took off their charge, or gave back of what they had paid, is asked no more.
    """
    return session.scalar(_CHARGED, _values(scope)) or 0


def shared_pence(session: Session, scope: Scope) -> int:
    """Return what a funder took over in the period by its pools' rules, or gave away, in pence."""
    return session.scalar(_SHARED, _values(scope)) or 0


def booked(session: Session, scope: Scope) -> Sequence[Row[Any]]:
    """Return the journals, in the order of writing, each with the seal that holds it by now."""
    return _read(session, _BOOKED, scope)


def posted(session: Session, scope: Scope) -> Sequence[Row[Any]]:
    """Return the postings of these journals, each with its journal."""
    return _read(session, _POSTED, scope)


def _read(
    session: Session, question: TextClause, scope: Scope, **values: Any
) -> Sequence[Row[Any]]:
    asked = {**_values(scope), **values, "most": MOST_ROWS + 1}
    rows = session.execute(question, asked).all()
    if len(rows) > MOST_ROWS:
        raise StatementTooLargeError("This is too much for one answer.", most=MOST_ROWS)
    return rows


def _values(scope: Scope) -> dict[str, UUID | Any]:
    return {name: getattr(scope, name) for name in Scope.__slots__}
