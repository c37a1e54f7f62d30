"""What funders owe one another in each budget, taken from their books into lines of a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from services.budget.recharge.rules import Debts

BUDGETS_AT_ONCE = 1_000
BEFORE_THE_FIRST = UUID(int=0)

# One statement sees one moment, and a journal is in both books or in neither: what a purchase
# does meanwhile is either in both figures of a budget or in none. OFFSET 0 has each budget's rows
# looked up by index, also when nothing is known yet of how many rows there are.
_TAKE_LINES = text("""
WITH part AS (
    SELECT budget_id FROM budgets
    WHERE pool_id = CAST(:pool_id AS uuid) AND budget_id > CAST(:after AS uuid)
    ORDER BY budget_id LIMIT :at_once
), booked AS (
    SELECT part.budget_id, a.kind, a.funder_id, other.funder_id AS other_id, moved.pence
    FROM part CROSS JOIN LATERAL (
        SELECT account_id, kind, funder_id, split_part(name, ' ', 2) AS code FROM accounts
        WHERE budget_id = part.budget_id AND kind IN ('due_to', 'due_from') OFFSET 0) AS a
    JOIN funders AS other ON other.code = a.code
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(amount), 0) AS pence FROM (
            SELECT journal_id, amount_pence AS amount FROM postings
            WHERE credit_account_id = a.account_id
            UNION ALL
            SELECT journal_id, -amount_pence FROM postings
            WHERE debit_account_id = a.account_id) AS moves
        CROSS JOIN LATERAL (
            SELECT effective_on, kind FROM journals
            WHERE journal_id = moves.journal_id OFFSET 0) AS j
        WHERE j.effective_on <= :until AND j.kind <> 'settlement') AS moved
), owed AS (
    SELECT budget_id, CASE kind WHEN 'due_to' THEN funder_id ELSE other_id END AS debtor_id,
           CASE kind WHEN 'due_to' THEN other_id ELSE funder_id END AS creditor_id,
           sum(pence) FILTER (WHERE kind = 'due_to') AS pence,
           -sum(pence) FILTER (WHERE kind = 'due_from') AS awaited_pence
    FROM booked GROUP BY 1, 2, 3
), invoiced AS (
    SELECT budget_id, debtor_id, creditor_id, sum(amount_pence) AS pence
    FROM part CROSS JOIN LATERAL (
        SELECT debtor_id, creditor_id, amount_pence FROM recharge_lines
        WHERE budget_id = part.budget_id OFFSET 0) AS l
    GROUP BY 1, 2, 3
), taken AS (
    INSERT INTO recharge_lines (invoice_id, budget_id, debtor_id, creditor_id, amount_pence)
    SELECT invoice_id, budget_id, debtor_id, creditor_id, owed.pence - coalesce(invoiced.pence, 0)
    FROM owed LEFT JOIN invoiced USING (budget_id, debtor_id, creditor_id)
    LEFT JOIN unnest(CAST(:lower_ids AS uuid[]), CAST(:higher_ids AS uuid[]),
                     CAST(:invoice_ids AS uuid[])) AS pairs (lower_id, higher_id, invoice_id)
        ON (lower_id, higher_id)
           = (least(debtor_id, creditor_id), greatest(debtor_id, creditor_id))
    WHERE owed.pence <> coalesce(invoiced.pence, 0)
)
SELECT (SELECT count(DISTINCT budget_id) FROM owed
        WHERE pence IS DISTINCT FROM awaited_pence) AS disagreeing,
       (SELECT budget_id FROM part ORDER BY budget_id DESC LIMIT 1) AS last_id
""")
_ADDED_UP = text("""
SELECT debtor_id, creditor_id, sum(greatest(amount_pence, 0))::bigint AS owed_pence,
       sum(greatest(-amount_pence, 0))::bigint AS returned_pence
FROM recharge_lines WHERE invoice_id = ANY(CAST(:invoice_ids AS uuid[])) GROUP BY 1, 2
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of taking lines."""

    disagreeing: int  # budgets in which two books disagree
    debts: list[Debts]


def take_lines(
    session: Session,
    *,
    pool_id: UUID,
    until: date,
    invoice_ids: Mapping[tuple[UUID, UUID], UUID],
) -> Taken:
    """Write a line for what is due in each budget of a pool and in no run yet, and add them up.

    Some budgets at a time, so that neither memory nor a statement's time grows with the pool.

    Args:
        session: in the transaction of the run.
        pool_id: whose budgets.
        until: the last effective day that counts.
        invoice_ids: by pair of funders, the lower id first.
    """
    pairs = {
        "pool_id": pool_id,
        "until": until,
        "at_once": BUDGETS_AT_ONCE,
        "lower_ids": [lower for lower, _ in invoice_ids],
        "higher_ids": [higher for _, higher in invoice_ids],
        "invoice_ids": list(invoice_ids.values()),
    }
    disagreeing, after = 0, BEFORE_THE_FIRST
    while (taken := _take_some(session, after=after, **pairs)).last_id is not None:
        disagreeing += taken.disagreeing
        after = taken.last_id
    rows = session.execute(_ADDED_UP, {"invoice_ids": pairs["invoice_ids"]})
    return Taken(disagreeing=disagreeing, debts=[Debts(**row._asdict()) for row in rows])


def _take_some(session: Session, **parameters: object) -> Row[tuple[int, UUID | None]]:
    return session.execute(_TAKE_LINES, parameters).one()
