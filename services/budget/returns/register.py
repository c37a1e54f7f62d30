"""What of direct payments is still with the person, and for which of it nothing was shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.returns import rules

# What each book has with the person for an item: what was paid, less what was shown or came back.
_WITH_PERSON = text("""
    SELECT funder_id, sum(pence) AS pence FROM (
        SELECT p.funder_id, CASE c.kind WHEN 'with_person' THEN amount_pence
                            ELSE -amount_pence END AS pence
        FROM journals AS j JOIN postings AS p USING (journal_id)
        JOIN accounts AS d ON d.account_id = debit_account_id
        JOIN accounts AS c ON c.account_id = credit_account_id
        WHERE j.budget_id = :budget_id AND 'with_person' IN (d.kind, c.kind)
          AND j.source_id IN (
              SELECT payment_id FROM direct_payments JOIN direct_payment_schedules
              USING (schedule_id) WHERE item_id = :item_id
              UNION ALL
              SELECT return_id FROM direct_payment_returns WHERE item_id = :item_id)) AS moves
    GROUP BY funder_id HAVING sum(pence) <> 0
""")
_PAYMENTS = text("""
    SELECT s.budget_id, s.item_id, p.period_starts_on, h.posted_pence,
           (SELECT coalesce(sum(spent_pence), 0) FROM direct_payment_returns AS r
            WHERE r.item_id = s.item_id)::bigint AS evidenced_pence
    FROM direct_payments AS p JOIN direct_payment_schedules AS s USING (schedule_id)
    JOIN holds AS h ON h.purchase_id = p.payment_id
    WHERE CAST(:budget_id AS uuid) IS NULL OR s.budget_id = :budget_id
    ORDER BY s.budget_id, s.item_id, p.period_starts_on, p.payment_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unevidenced:
    """What was paid for an item, and nothing was shown for."""

    budget_id: UUID
    item_id: UUID
    unevidenced_pence: int
    since_on: date


def with_person(session: Session, budget_id: UUID, item_id: UUID) -> dict[UUID, int]:
    """Return what each book has with the person for an item, in pence."""
    session.flush()
    rows = session.execute(_WITH_PERSON, {"budget_id": budget_id, "item_id": item_id})
    return {row.funder_id: int(row.pence) for row in rows}


def unevidenced(session: Session, *, budget_id: UUID | None = None) -> Iterator[Unevidenced]:
    """Yield what of each item is not evidenced, and since when; of one budget, or of all."""
    rows = session.execute(_PAYMENTS, {"budget_id": budget_id}).all()
    for (of_budget, item_id), group in groupby(rows, lambda row: (row.budget_id, row.item_id)):
        payments = list(group)
        evidenced_pence = payments[0].evidenced_pence
        since_on = rules.since(
            [(row.period_starts_on, row.posted_pence) for row in payments],
            evidenced_pence=evidenced_pence,
        )
        if since_on is not None:
            yield Unevidenced(
                budget_id=of_budget,
                item_id=item_id,
                unevidenced_pence=sum(row.posted_pence for row in payments) - evidenced_pence,
                since_on=since_on,
            )
