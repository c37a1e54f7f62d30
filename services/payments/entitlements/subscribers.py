"""Plans, care teams and budgets, as assessment and budget tell of them."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.payments.entitlements.models import (
    Broker,
    CareTeam,
    LiveBudget,
    Plan,
    PlanItem,
    TeamRole,
)
from services.payments.entitlements.rules import Rail
from shared.contracts.assessment.people import CareTeamChanged
from shared.contracts.assessment.sign_off import (
    ApprovedItem,
    PlanApproved,
)
from shared.contracts.budget.budgets import BudgetActivated
from shared.trace import Trace


class ItemOfAnotherBudgetError(Exception):
    """An approved item is another budget's: assessment lets nobody draft one, and we take none."""


def plan_approved(event: PlanApproved, *, session: Session, trace: Trace) -> None:
    """Keep the items of a plan; what an older version had and this one lacks is past buying.

    Raises:
        ItemOfAnotherBudgetError: one of them is bought from another budget.
    """
    plan = session.get(Plan, event.budget_id, with_for_update=True)
    if plan is not None and event.version <= plan.version:
        return
    session.merge(
        Plan(
            budget_id=event.budget_id,
            plan_id=event.plan_id,
            person_id=event.person_id,
            version=event.version,
        )
    )
    session.flush()
    for item in event.items:
        known = session.get(PlanItem, item.item_id)
        if known is not None and known.budget_id != event.budget_id:
            raise ItemOfAnotherBudgetError
        session.merge(_plan_item(item, event))


def _plan_item(item: ApprovedItem, event: PlanApproved) -> PlanItem:
    return PlanItem(
        item_id=item.item_id,
        budget_id=event.budget_id,
        plan_version=event.version,
        description=item.description,
        category=item.category,
        unit_cost_pence=item.unit_cost_pence,
        occurrences=item.occurrences,
        rail=Rail(item.rail),
        payee=item.payee,
        merchant_category_code=item.merchant_category_code,
        payer=item.payer,
    )


def care_team_changed(event: CareTeamChanged, *, session: Session, trace: Trace) -> None:
    """Keep who is what now: the whole list, and not a step."""
    team = session.get(CareTeam, event.person_id, with_for_update=True)
    if team is not None and event.version <= team.version:
        return
    session.merge(CareTeam(person_id=event.person_id, version=event.version))
    session.execute(delete(Broker).where(Broker.person_id == event.person_id))
    session.execute(delete(TeamRole).where(TeamRole.person_id == event.person_id))
    session.add_all(
        TeamRole(person_id=event.person_id, staff_id=staff_id, role=role)
        for staff_id, role in {(member.staff_id, member.role) for member in event.members}
    )
    session.add_all(
        Broker(person_id=event.person_id, staff_id=member.staff_id, name=member.name)
        for member in event.members
        if member.role == "broker"
    )


def budget_activated(event: BudgetActivated, *, session: Session, trace: Trace) -> None:
    """Every funder has paid in: from now on the budget can be spent."""
    live = session.get(LiveBudget, event.budget_id, with_for_update=True)
    if live is None or event.version > live.version:
        session.merge(LiveBudget(budget_id=event.budget_id, version=event.version))
