"""A plan was approved: there is a budget to be agreed on."""

from sqlalchemy.orm import Session

from services.budget.agreements.models import Budget, BudgetItem
from shared.contracts.assessment import PlanApproved
from shared.trace import Trace


def plan_budget(event: PlanApproved, *, session: Session, trace: Trace) -> None:
    """Open a budget for an approved plan. A later version of the plan waits for its issue."""
    if session.get(Budget, event.budget_id) is not None:
        return
    budget = Budget(
        budget_id=event.budget_id,
        plan_id=event.plan_id,
        plan_version=event.version,
        person_id=event.person_id,
        legal_basis=event.legal_basis,
        total_pence=event.total_pence,
    )
    session.add(budget)
    session.flush()
    session.add_all(
        BudgetItem(
            item_id=item.item_id,
            budget_id=event.budget_id,
            description=item.description,
            payer=item.payer,
            unit_cost_pence=item.unit_cost_pence,
            occurrences=item.occurrences,
        )
        for item in event.items
    )
