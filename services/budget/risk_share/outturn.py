"""What each funder has spent too much or too little in each budget of a pool."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.budget.agreements.models import Budget
from services.budget.risk_share.rules import Found, Outturn

BUDGETS_AT_ONCE = 1_000

# OFFSET 0: rows are looked up by index, also when nothing is known yet of how many there are.
# What came to be overspent in the year, net of what came back in it; what an earlier year's rule
# moved is no spending.
_OVERSPENT = text("""
SELECT b.budget_id, a.funder_id, sum(moved.amount)::bigint AS amount_pence
FROM budgets AS b CROSS JOIN LATERAL (
    SELECT account_id, funder_id FROM accounts
    WHERE budget_id = b.budget_id AND kind = 'overspent' OFFSET 0) AS a
CROSS JOIN LATERAL (
    SELECT journal_id, amount_pence AS amount FROM postings
    WHERE debit_account_id = a.account_id
    UNION ALL SELECT journal_id, -amount_pence FROM postings
    WHERE credit_account_id = a.account_id) AS moved
CROSS JOIN LATERAL (
    SELECT effective_on, kind FROM journals WHERE journal_id = moved.journal_id OFFSET 0) AS j
WHERE b.budget_id = ANY(CAST(:budget_ids AS uuid[])) AND j.kind <> 'risk_share'
  AND j.effective_on BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
GROUP BY b.budget_id, a.funder_id HAVING sum(moved.amount) > 0
ORDER BY b.budget_id, a.funder_id
""")
# What is left in budgets from which nothing more is bought, and is really a funder's own: neither
# promised and never paid in, nor what the person was charged, which goes back to the person.
_UNDERSPENT = text("""
SELECT b.budget_id, a.funder_id,
       (left_over.posted_pence - left_over.held_pence - others.pence)::bigint AS amount_pence
FROM budgets AS b JOIN pools AS o USING (pool_id) CROSS JOIN LATERAL (
    SELECT account_id, funder_id FROM accounts
    WHERE budget_id = b.budget_id AND kind = 'available' OFFSET 0) AS a
JOIN balances AS left_over USING (account_id) CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount), 0) AS pence FROM accounts AS c CROSS JOIN LATERAL (
        SELECT amount_pence AS amount FROM postings WHERE debit_account_id = c.account_id
        UNION ALL SELECT -amount_pence FROM postings
        WHERE credit_account_id = c.account_id) AS moved
    WHERE (c.budget_id, c.funder_id) = (b.budget_id, a.funder_id)
      AND c.kind IN ('promised', 'charged', 'charge_due')) AS others
WHERE b.budget_id = ANY(CAST(:budget_ids AS uuid[]))
  AND least(o.ends_on, (SELECT ends_on FROM budget_endings AS e
                        WHERE e.budget_id = b.budget_id)) <= CAST(:last_day AS date) + 1
  AND left_over.posted_pence - left_over.held_pence > others.pence
ORDER BY b.budget_id, a.funder_id
""")


def find(session: Session, pool_id: UUID, year: tuple[date, date]) -> Outturn:
    """Return what was overspent in a year, and what is left where nothing more is bought.

    Overspent counts by effective date, net of what came back in the year; what is left is what is
    left now, in budgets that have ended by the year's end, or in all of them where the pool has.
    """
    first_day, last_day = year
    overspent: list[Found] = []
    underspent: list[Found] = []
    for budget_ids in _some_at_a_time(session, pool_id):
        asked = {"budget_ids": budget_ids, "first_day": first_day, "last_day": last_day}
        overspent += [Found(**row._asdict()) for row in session.execute(_OVERSPENT, asked)]
        underspent += [Found(**row._asdict()) for row in session.execute(_UNDERSPENT, asked)]
    return Outturn(overspent=overspent, underspent=underspent)


def _some_at_a_time(session: Session, pool_id: UUID) -> Iterator[Sequence[UUID]]:
    """Yield the budgets of a pool, so many that a statement about them takes no long time."""
    budget_ids = session.scalars(select(Budget.budget_id).where(Budget.pool_id == pool_id)).all()
    for first in range(0, len(budget_ids), BUDGETS_AT_ONCE):
        yield budget_ids[first : first + BUDGETS_AT_ONCE]
