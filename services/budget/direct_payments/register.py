"""Which payments are due, and what of those that were made is still with the person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.direct_payments import rules
from services.budget.direct_payments.rules import Recurrence

# The schedules by which something can be due on a day, each with the day before which it is paid
# and how much of it is.
_SCHEDULES = text("""
    SELECT s.schedule_id, s.budget_id, s.recurrence, s.starts_on,
           least(s.ends_on, s.followed_on) AS ends_on,
           (SELECT count(*) FROM direct_payments AS p
            WHERE p.schedule_id = s.schedule_id) AS paid
    FROM (SELECT *, lead(starts_on) OVER (PARTITION BY item_id ORDER BY number) AS followed_on
          FROM direct_payment_schedules) AS s
    JOIN budgets AS b USING (budget_id)
    WHERE s.starts_on <= :on AND (CAST(:pool_id AS uuid) IS NULL OR b.pool_id = :pool_id)
    ORDER BY s.budget_id, s.schedule_id
""")
_KNOWN = text("""
    SELECT period_starts_on, true AS is_paid FROM direct_payments WHERE schedule_id = :schedule_id
    UNION ALL
    SELECT period_starts_on, false FROM unpaid_direct_payments WHERE schedule_id = :schedule_id
""")
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
class Due:
    """A payment that is due and was not made."""

    schedule_id: UUID
    budget_id: UUID
    period_starts_on: date
    is_tried: bool  # and could not be made


@dataclass(frozen=True, slots=True, kw_only=True)
class Unevidenced:
    """What was paid for an item, and nothing was shown for."""

    budget_id: UUID
    item_id: UUID
    unevidenced_pence: int
    since_on: date


def due(session: Session, *, on: date, pool_id: UUID | None = None) -> Iterator[Due]:
    """Yield what is due on a day and was not paid, by budget."""
    for row in session.execute(_SCHEDULES, {"on": on, "pool_id": pool_id}).all():
        periods = list(
            rules.due_periods(row.starts_on, Recurrence(row.recurrence), ends_on=row.ends_on, on=on)
        )
        if len(periods) <= row.paid:
            continue
        known = session.execute(_KNOWN, {"schedule_id": row.schedule_id}).all()
        paid = {one.period_starts_on for one in known if one.is_paid}
        tried = {one.period_starts_on for one in known}
        for period_starts_on in periods:
            if period_starts_on not in paid:
                yield Due(
                    schedule_id=row.schedule_id,
                    budget_id=row.budget_id,
                    period_starts_on=period_starts_on,
                    is_tried=period_starts_on in tried,
                )


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
