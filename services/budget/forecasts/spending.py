"""What a budget has spent, item by item, up to a day."""

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.budget.forecasts.rules import ItemSpending, Spending, pace_starts_on

_PLAN = text("""
    SELECT total_pence, (SELECT min(starts_on) FROM budget_versions AS v
                         WHERE v.budget_id = b.budget_id) AS started_on
    FROM budgets AS b WHERE budget_id = :budget_id
""")
_ITEMS = text("""
    SELECT CASE WHEN i.plan_version = b.plan_version THEN unit_cost_pence * occurrences
                ELSE 0 END AS planned_pence,
           occurrences = 1 AS is_bought_once,
           coalesce(spent, 0)::bigint AS spent_pence,
           coalesce(held, 0)::bigint AS held_pence,
           coalesce(recent, 0)::bigint AS recent_pence
    FROM budgets AS b JOIN budget_items AS i USING (budget_id)
    LEFT JOIN (SELECT item_id, sum(held_pence) AS held FROM holds
               WHERE budget_id = :budget_id GROUP BY item_id) AS h USING (item_id)
    LEFT JOIN (
        SELECT item_id, sum(step) AS spent, sum(step) FILTER (WHERE effective_on > :pace_from)
               AS recent
        FROM journals AS j JOIN holds AS h ON h.purchase_id = j.source_id
        JOIN postings AS p USING (journal_id)
        JOIN accounts AS d ON d.account_id = debit_account_id
        JOIN accounts AS c ON c.account_id = credit_account_id,
        LATERAL (SELECT amount_pence * ((d.kind IN ('available', 'overspent'))::int
                                        - (c.kind IN ('available', 'overspent'))::int)
                 AS step) AS s
        WHERE j.budget_id = :budget_id AND effective_on <= :on
        GROUP BY item_id) AS moved USING (item_id)
    WHERE b.budget_id = :budget_id ORDER BY item_id
""")


def of_budget(session: Session, budget_id: UUID, *, on: date) -> Spending | None:
    """Return what a budget has spent until the end of a day; None where there is no budget."""
    plan = session.execute(_PLAN, {"budget_id": budget_id}).one_or_none()
    if plan is None:
        return None
    started_on = plan.started_on or on
    values = {
        "budget_id": budget_id,
        "on": on,
        "pace_from": pace_starts_on(started_on=started_on, on=on),
    }
    items = [ItemSpending(**row._asdict()) for row in session.execute(_ITEMS, values)]
    return Spending(total_pence=plan.total_pence, started_on=started_on, on=on, items=items)
