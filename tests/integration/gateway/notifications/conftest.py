"""Alex, who is written to, and those who work with Alex, at the gateway's door."""

from dataclasses import dataclass

import pytest

from access import relations
from services.notifications.from_budget import subscribers as budget
from tests.integration.gateway.visiting import Door, Guest
from tests.integration.notifications import facts
from tests.integration.notifications.conftest import hear, known, now, team  # noqa: F401 - fixtures
from tests.integration.payments.facts import a_care_team, a_member


@dataclass(frozen=True, kw_only=True)
class Case:
    """Who comes to the door."""

    door: Door
    person: Guest
    coordinator: Guest
    broker: Guest
    information: Guest

    @property
    def address(self):
        return f"/people/{facts.ALEX}"


@pytest.fixture
def case(transaction, known, hear):  # noqa: F811
    """Let Alex's details and care team arrive, tell of a refund, and let everybody come in."""
    door = Door({"notifications": transaction})
    coordinator = door.enter("care_coordinator", organisation="nhs-trust")
    broker = door.enter("broker")
    known(preferred_channel="letter")
    members = [a_member(coordinator.id, role="care_coordinator"), a_member(broker.id)]
    hear((relations.keep_care_team, a_care_team(facts.ALEX, *members)))
    hear((budget.tell_refund, facts.refund_posted()))
    return Case(
        door=door,
        person=door.enter("budget_holder", actor_id=facts.ALEX, organisation=""),
        coordinator=coordinator,
        broker=broker,
        information=door.enter("information_officer", organisation="nhs-trust"),
    )
