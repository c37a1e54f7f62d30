"""What accounts had, and what moved them in a period, as it was known at an instant.

What the totals reach is read from them. Apart from that two small sets of journals are read one
by one: those beyond the reach, and, where an earlier instant is asked for, those within the reach
that were recorded after it, which are taken off again.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from services.budget.accounts.rules import AccountKind
from services.budget.funders.rules import FunderKind
from services.budget.totals.rules import Scope, Turnover

# One row at least: how far the totals reach, and whether something is apart from them.
_WITHIN_REACH = text(
    "SELECT * FROM totals_within_reach(:budget_id, :funder_id, :starts_on, :ends_on)"
)
# The values are part of the text when it is planned: so PostgreSQL sees how little is apart.
_APART = text("""
    WITH scope AS MATERIALIZED (
        SELECT account_id, a.kind AS account_kind, a.name AS account, f.funder_id,
               f.kind AS funder_kind, coalesce(f.name, '') AS funder_name
        FROM accounts AS a JOIN funders AS f USING (funder_id)
        WHERE (CAST(:budget_id AS uuid) IS NULL OR a.budget_id = CAST(:budget_id AS uuid))
          AND (CAST(:funder_id AS uuid) IS NULL OR a.funder_id = CAST(:funder_id AS uuid))
    ), apart AS MATERIALIZED (
        SELECT journal_id, effective_on < :starts_on AS is_before, 1 AS way FROM journals
        WHERE seq > :reach AND recorded_at <= :known_at AND effective_on < :ends_on
          AND (CAST(:budget_id AS uuid) IS NULL OR budget_id = CAST(:budget_id AS uuid))
        UNION ALL
        SELECT journal_id, effective_on < :starts_on, -1 FROM journals
        WHERE seq <= :reach AND recorded_at > :known_at AND effective_on < :ends_on
          AND (CAST(:budget_id AS uuid) IS NULL OR budget_id = CAST(:budget_id AS uuid))
    ), moves AS (
        SELECT debit_account_id AS account_id, is_before, way * amount_pence AS debit_pence,
               0::bigint AS credit_pence
        FROM apart JOIN postings USING (journal_id)
        UNION ALL
        SELECT credit_account_id, is_before, 0, way * amount_pence
        FROM apart JOIN postings USING (journal_id))
    SELECT funder_id, funder_kind, funder_name, account_kind, account,
           min(account_id) AS first_account_id,
           coalesce(sum(credit_pence - debit_pence) FILTER (WHERE is_before), 0)::bigint
               AS opening_pence,
           coalesce(sum(debit_pence) FILTER (WHERE NOT is_before), 0)::bigint AS debits_pence,
           coalesce(sum(credit_pence) FILTER (WHERE NOT is_before), 0)::bigint AS credits_pence
    FROM moves JOIN scope USING (account_id)
    GROUP BY funder_id, funder_kind, funder_name, account_kind, account
""")


def turnovers(session: Session, scope: Scope) -> Sequence[Turnover]:
    """Return each account of the scope that had something, or moved in the period.

    The transaction must see one moment only, and everything that was recorded until the instant.
    """
    values = {name: getattr(scope, name) for name in Scope.__slots__}
    found = session.execute(_WITHIN_REACH, values).all()
    rows = [row for row in found if row.account is not None]
    if _is_something_apart(found[0], scope):
        rows += session.execute(_APART, {**values, "reach": found[0].reach})
    return _together(rows)


def _is_something_apart(known: Row[Any], scope: Scope) -> bool:
    if known.last_seq is None:
        return False
    return bool(known.last_seq > known.reach or known.last_at > scope.known_at)


def _together(rows: Iterable[Row[Any]]) -> list[Turnover]:
    """Add what is apart, and leave out what was not there yet: all of it was taken off again."""
    found: dict[tuple[FunderKind, UUID, int], Turnover] = {}
    places: dict[tuple[UUID, str], tuple[FunderKind, UUID, int]] = {}
    for row in rows:
        kind = FunderKind(row.funder_kind)
        key = places.setdefault(
            (row.funder_id, row.account), (kind, row.funder_id, row.first_account_id)
        )
        had = found.get(key)
        found[key] = Turnover(
            funder_id=row.funder_id,
            funder_kind=kind,
            funder_name=row.funder_name,
            account_kind=AccountKind(row.account_kind),
            account=row.account,
            opening_pence=row.opening_pence + (had.opening_pence if had else 0),
            debits_pence=row.debits_pence + (had.debits_pence if had else 0),
            credits_pence=row.credits_pence + (had.credits_pence if had else 0),
        )
    return [found[key] for key in sorted(found) if _is_there(found[key])]


def _is_there(one: Turnover) -> bool:
    return any((one.opening_pence, one.debits_pence, one.credits_pence))
