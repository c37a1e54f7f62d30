"""The programs that a message passes, and the table of crashes and faults played on them once."""

import pytest

from tests.chaos.provider.table import FAULTS, Table
from tests.chaos.provider.world import ERRANDS, MessageHouse, World


@pytest.fixture(scope="module")
def cells():
    house = MessageHouse("test-provider", errand_workers=len(FAULTS) + 2)
    house.programs[ERRANDS].module = "tests.chaos.provider.together"
    with house.open():
        house.wait_until_ready()
        world = World(house)
        yield Table(world).play()
        world.close()
