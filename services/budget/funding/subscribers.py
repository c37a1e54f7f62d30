"""A plan was approved: a budget is planned, or revised."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.agreements import handlers as agreements
from services.budget.agreements import subscribers as plans
from services.budget.agreements.models import Agreement, AgreementShare, Budget
from services.budget.funding import calls
from shared.clock import day_in_london
from shared.contracts.assessment.sign_off import PlanApproved
from shared.contracts.budget.budgets import BudgetRevised
from shared.messaging import outbox
from shared.trace import Trace


def plan_budget(event: PlanApproved, *, session: Session, trace: Trace) -> None:
    """Plan a budget for an approved plan, or revise the one there is, in whatever order they come.

    Open holds and captures stay with the item and the portions under which they were made. What
    costs more is called for. Where the new total is below what is spent and held nothing is
    undone: the gap is told.
    """
    budget = plans.keep_plan(event, session=session, trace=trace)
    if budget is None or budget.pool_id is None:
        return
    starts_on = day_in_london(event.occurred_at)
    agreed = agreements.revise(budget, starts_on=starts_on, session=session)
    if agreed is not None and not agreed.missing_purposes:
        calls.call_for_what_is_missing(agreed, session=session, trace=trace)
    used_pence = _used_pence(session, budget)
    revised = BudgetRevised(
        occurred_at=trace.at,
        budget_id=budget.budget_id,
        version=budget.plan_version,
        plan_id=budget.plan_id,
        person_id=budget.person_id,
        total_pence=budget.total_pence,
        used_pence=used_pence,
        gap_pence=max(0, used_pence - budget.total_pence),
    )
    outbox.add(session, revised, trace=trace)


def _used_pence(session: Session, budget: Budget) -> int:
    """Return what is spent and held in a budget, in pence."""
    used = (
        select(func.sum(AgreementShare.spent_pence))
        .join(Agreement, Agreement.agreement_id == AgreementShare.agreement_id)
        .where(Agreement.budget_id == budget.budget_id)
    )
    return int(session.scalar(used) or 0)
