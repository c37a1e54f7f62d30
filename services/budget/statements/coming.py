"""What is coming, as it stands now: money that was called for, and what the plan still commits."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.budget.agreements.models import Budget, BudgetItem
from services.budget.documents.documents import Coming
from services.budget.funders.models import Funder
from services.budget.funding.models import Contribution
from services.budget.holds.models import Hold
from services.budget.pages import wording


def coming(session: Session, budget: Budget) -> Iterator[Coming]:
    """Yield what was called for and is neither paid in nor promised, then what is to be bought."""
    yield from _money_in(session, budget)
    yield from _to_be_bought(session, budget)


def _money_in(session: Session, budget: Budget) -> Iterator[Coming]:
    rows = session.execute(
        select(Contribution, Funder)
        .join(Funder, Funder.funder_id == Contribution.funder_id)
        .where(Contribution.budget_id == budget.budget_id)
        .where(Contribution.received_at.is_(None), Contribution.committed_at.is_(None))
        .order_by(Contribution.due_on, Contribution.contribution_id)
    )
    for contribution, funder in rows:
        yield Coming(
            due_on=contribution.due_on,
            description=wording.MONEY_FROM[funder.kind].format(name=funder.name),
            is_money_in=True,
            amount_pence=contribution.amount_pence - contribution.received_pence,
        )


def _to_be_bought(session: Session, budget: Budget) -> Iterator[Coming]:
    used = (
        select(Hold.item_id, func.sum(Hold.held_pence + Hold.posted_pence).label("pence"))
        .where(Hold.budget_id == budget.budget_id)
        .group_by(Hold.item_id)
        .subquery()
    )
    left = BudgetItem.unit_cost_pence * BudgetItem.occurrences - func.coalesce(used.c.pence, 0)
    rows = session.execute(
        select(BudgetItem.description, left.label("left_pence"))
        .join(used, used.c.item_id == BudgetItem.item_id, isouter=True)
        .where(BudgetItem.budget_id == budget.budget_id)
        .where(BudgetItem.plan_version == budget.plan_version, left > 0)
        .order_by(BudgetItem.description, BudgetItem.item_id)
    )
    for description, left_pence in rows:
        yield Coming(
            due_on=None,
            description=description,
            is_money_in=False,
            amount_pence=int(left_pence),
        )
