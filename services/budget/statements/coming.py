"""What is coming, as it stands now: money that was called for, and what the plan still commits."""

from collections.abc import Iterator

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from services.budget.agreements.models import Budget, BudgetItem
from services.budget.documents.documents import Coming
from services.budget.funders.models import Funder
from services.budget.funding.models import Contribution
from services.budget.holds.models import Hold
from services.budget.pages import wording

# Asked for every statement, so they are put together once.
_CALLED_FOR = (
    select(Contribution, Funder)
    .join(Funder, Funder.funder_id == Contribution.funder_id)
    .where(Contribution.budget_id == bindparam("of_budget"))
    .where(Contribution.received_at.is_(None), Contribution.committed_at.is_(None))
    .order_by(Contribution.due_on, Contribution.contribution_id)
)
_USED = (
    select(Hold.item_id, func.sum(Hold.held_pence + Hold.posted_pence).label("pence"))
    .where(Hold.budget_id == bindparam("of_budget"))
    .group_by(Hold.item_id)
    .subquery()
)
_LEFT = BudgetItem.unit_cost_pence * BudgetItem.occurrences - func.coalesce(_USED.c.pence, 0)
_TO_BE_BOUGHT = (
    select(BudgetItem.description, _LEFT.label("left_pence"))
    .join(_USED, _USED.c.item_id == BudgetItem.item_id, isouter=True)
    .where(BudgetItem.budget_id == bindparam("of_budget"))
    .where(BudgetItem.plan_version == bindparam("of_version"), _LEFT > 0)
    .order_by(BudgetItem.description, BudgetItem.item_id)
)


def coming(session: Session, budget: Budget) -> Iterator[Coming]:
    """Yield what was called for and is neither paid in nor promised, then what is to be bought."""
    yield from _money_in(session, budget)
    yield from _to_be_bought(session, budget)


def _money_in(session: Session, budget: Budget) -> Iterator[Coming]:
    for contribution, funder in session.execute(_CALLED_FOR, {"of_budget": budget.budget_id}):
        yield Coming(
            due_on=contribution.due_on,
            description=wording.MONEY_FROM[funder.kind].format(name=funder.name),
            is_money_in=True,
            amount_pence=contribution.amount_pence - contribution.received_pence,
        )


def _to_be_bought(session: Session, budget: Budget) -> Iterator[Coming]:
    asked = {"of_budget": budget.budget_id, "of_version": budget.plan_version}
    for description, left_pence in session.execute(_TO_BE_BOUGHT, asked):
        yield Coming(
            due_on=None,
            description=description,
            is_money_in=False,
            amount_pence=int(left_pence),
        )
