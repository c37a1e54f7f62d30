"""Things that tests need, each with what matters left to say."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from shared.contracts.actor import Actor, system
from shared.trace import Trace

TUESDAY_AT_TEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def a_system(place: str = "tests/system") -> Actor:
    """Somebody of an organisation in a role who may see everything."""
    organisation, _, role = place.partition("/")
    return replace(system("tests"), organisation=organisation, roles=(role,))


def a_trace(*, at: datetime = TUESDAY_AT_TEN, actor: str = "tests/system") -> Trace:
    return Trace(correlation_id=uuid4(), causation_id=uuid4(), actor=actor, at=at)
