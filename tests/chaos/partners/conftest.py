"""The programs that a partner's message passes."""

import pytest

from tests.chaos.partners.world import DoorHouse, World


@pytest.fixture(scope="module")
def world():
    house = DoorHouse("test-partners")
    with house.open():
        house.wait_until_ready()
        yield World(house)
