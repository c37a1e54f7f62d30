"""A person with a plan, and those who work with them, at the gateway's door."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from access import relations
from services.payments import web
from services.payments.holds import subscribers as holds
from tests.integration.gateway.visiting import Door, Guest, done
from tests.integration.payments import facts
from tests.integration.payments.conftest import (  # noqa: F401 - fixtures
    a_payee_is_known,
    broker_id,
    carry_out,
    hear,
    known_plan,
)
from tests.integration.payments.network import Network, created, takes

NHS = "nhs-trust"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A person, their plan, and who comes to the door."""

    plan: object
    door: Door
    person: Guest
    broker: Guest
    coordinator: Guest
    manager: Guest
    finance: Guest

    @property
    def item_id(self):
        return str(self.plan.items[0].item_id)

    @property
    def budget_id(self):
        return str(self.plan.budget_id)


@pytest.fixture
def case_of(transaction, known_plan, hear, broker_id):  # noqa: F811
    """Let a plan of these items arrive with its care team, and everybody come in."""

    def arrive(*items):
        door = Door({"payments": transaction})
        coordinator = door.enter("care_coordinator", organisation=NHS)
        manager = door.enter("team_manager", organisation=NHS)
        colleagues = [
            facts.a_member(coordinator.id, role="care_coordinator"),
            facts.a_member(manager.id, role="team_manager"),
        ]
        plan = known_plan(*items, colleagues=colleagues)
        team = facts.a_care_team(plan.person_id, facts.a_member(broker_id), *colleagues)
        hear(relations.keep_care_team, team)
        return Case(
            plan=plan,
            door=door,
            person=door.enter("budget_holder", actor_id=plan.person_id, organisation=""),
            broker=door.enter("broker", actor_id=broker_id),
            coordinator=coordinator,
            manager=manager,
            finance=door.enter("finance_officer", organisation="x"),
        )

    return arrive


@pytest.fixture
def case(case_of):
    return case_of(facts.an_item())


@pytest.fixture
def paid(case, hear, transaction):  # noqa: F811
    """Have a lesson bought with a card, and return what the network does to it with its case."""
    asked = case.broker.post(
        "/purchases",
        budget_id=case.budget_id,
        item_id=case.item_id,
        amount_pence=35_00,
        instruction="Please book my lessons",
    )
    purchase_id, card = done(asked)["purchase_id"], f"ic_{uuid4().hex}"
    hear(holds.hold_placed, facts.placed(UUID(purchase_id)))
    with transaction() as session:
        facts.record_card(session, UUID(purchase_id), card)
    client = web.app_on(transaction, settings=facts.SETTINGS).test_client()
    network = Network(
        transaction=transaction, client=client, purchase_id=UUID(purchase_id), card=card
    )
    for step in (created(), takes(35_00)):
        step(network)
    return case, network
