"""One whole suite for all 28 faults; after each of them the books must be right."""

import pytest

from tests.chaos import invariants
from tests.chaos.issuer.world import PATIENCE_SECONDS, PatientIssuer, World


@pytest.fixture(scope="package")
def opened():
    with PatientIssuer("test-issuer").open() as house:
        house.wait_until_ready(patience_seconds=PATIENCE_SECONDS)
        world = World(house)
        world.open_budget()
        yield world
        world.close()


@pytest.fixture
def world(opened):
    yield opened
    opened.control("faults", method="DELETE")
    assert invariants.books_that_do_not_balance(opened.house) == []
    assert invariants.money_overdrawn(opened.house) == []
    assert invariants.holds_that_do_not_add_up(opened.house) == []


@pytest.fixture
def bought(world):
    """A purchase of 35 pounds that is ready, and its card."""
    return world.ready()
