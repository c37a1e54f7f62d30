"""A person with a budget, and those who work with it, at the gateway's door."""

from dataclasses import dataclass, replace
from uuid import uuid4

import pytest

from access import relations
from tests.factories import a_trace
from tests.integration.budget.budgets import COUNCIL, NHS, POOL, a_planned_budget, a_pool
from tests.integration.gateway.visiting import Door, Guest, done
from tests.integration.payments import facts


@dataclass(frozen=True, kw_only=True)
class Case:
    """A person, their budget, and who comes to the door."""

    planned: object
    door: Door
    person: Guest
    coordinator: Guest
    manager: Guest
    finance: Guest  # of the council, which hosts the pool
    board: Guest  # finance officer of the NHS side
    auditor: Guest

    @property
    def address(self):
        return f"/budgets/{self.planned.budget_id}"

    @property
    def item(self):
        return f"{self.address}/items/{self.planned.item_ids['joint']}"


def agreement(**changed):
    signed = {"role": "finance_lead", "signed_on": "2026-04-01"}
    return {
        "pool_id": str(POOL),
        "purpose": "joint",
        "starts_on": "2026-11-24",
        "shares": [{"funder_id": str(one), "numerator": 5_000} for one in (NHS, COUNCIL)],
        "signatures": [{"funder_id": str(one), **signed} for one in (NHS, COUNCIL)],
        **changed,
    }


@pytest.fixture
def case(transaction):
    """Let a plan of 100 pounds arrive with its care team, and everybody come in."""
    door = Door({"budget": transaction})
    person_id = uuid4()
    coordinator = door.enter("care_coordinator", organisation="nhs-trust")
    manager = door.enter("team_manager", organisation="council")
    team = facts.a_care_team(
        person_id,
        facts.a_member(coordinator.id, role="care_coordinator"),
        replace(facts.a_member(manager.id, role="team_manager"), organisation="council"),
    )
    with transaction() as session:
        relations.keep_care_team(team, session=session, trace=a_trace())
    a_pool(transaction)
    return Case(
        planned=a_planned_budget(transaction, person_id=person_id, joint=100_00),
        door=door,
        person=door.enter("budget_holder", actor_id=person_id, organisation=""),
        coordinator=coordinator,
        manager=manager,
        finance=door.enter("finance_officer", organisation="council"),
        board=door.enter("finance_officer", organisation="nhs-trust"),
        auditor=door.enter("auditor", organisation="auditors"),
    )


@pytest.fixture
def funded(case):
    """Have the budget agreed and paid for, through the door."""
    called = done(case.finance.post(f"{case.address}/agreements", **agreement()))["called"]
    for call in called:
        paid = case.finance.post(
            f"{case.address}/contributions/{call['contribution_id']}/receipt",
            funder_id=call["funder_id"],
            amount_pence=call["amount_pence"],
            bank_reference=f"BACS {call['funder_kind']}",
        )
        done(paid)
    return case
