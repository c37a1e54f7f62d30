"""A plan was approved: there is a budget to be agreed on."""

from sqlalchemy.orm import Session

from services.budget.agreements.models import Budget, BudgetItem, BudgetVersion, locked_if_known
from services.budget.agreements.rules import low_below_pence
from shared.clock import day_in_london
from shared.contracts.assessment.sign_off import (
    ApprovedItem,
    PlanApproved,
)
from shared.trace import Trace


class ItemOfAnotherBudgetError(Exception):
    """An approved item is another budget's: assessment lets nobody draft one, and we take none."""


def keep_plan(event: PlanApproved, *, session: Session, trace: Trace) -> Budget | None:
    """Keep an approved plan, and return its budget; None where a newer version is known.

    A later version makes a new version of the budget from its day: what it has no longer is not
    bought any more, and what was bought stays.

    Raises:
        ItemOfAnotherBudgetError: one of its items is paid from another budget.
    """
    budget = locked_if_known(session, event.budget_id)
    if budget is not None and event.version <= budget.plan_version:
        return None
    if budget is None:
        budget = Budget(
            budget_id=event.budget_id,
            plan_id=event.plan_id,
            plan_version=event.version,
            person_id=event.person_id,
            legal_basis=event.legal_basis,
            total_pence=event.total_pence,
        )
        session.add(budget)
    else:
        budget.plan_id, budget.plan_version = event.plan_id, event.version
        budget.total_pence = event.total_pence
    budget.low_below_pence = low_below_pence(budget.total_pence)
    session.flush()
    session.add(
        BudgetVersion(
            budget_id=event.budget_id,
            version=event.version,
            plan_id=event.plan_id,
            total_pence=event.total_pence,
            starts_on=day_in_london(event.occurred_at),
        )
    )
    for item in event.items:
        known = session.get(BudgetItem, item.item_id)
        if known is not None and known.budget_id != event.budget_id:
            raise ItemOfAnotherBudgetError
        session.merge(_item(item, event))
    session.flush()
    return budget


def _item(item: ApprovedItem, event: PlanApproved) -> BudgetItem:
    return BudgetItem(
        item_id=item.item_id,
        budget_id=event.budget_id,
        plan_version=event.version,
        description=item.description,
        goal="; ".join(goal.words for goal in item.goals),
        payer=item.payer,
        unit_cost_pence=item.unit_cost_pence,
        occurrences=item.occurrences,
    )
