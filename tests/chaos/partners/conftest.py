"""The programs that a partner's message passes."""

import pytest

from tests.chaos.partners.world import STARTS_WITHIN_SECONDS, DoorHouse, World


@pytest.fixture(scope="module")
def world(request):
    # Modules may run at the same time: each has a stack of its own.
    house = DoorHouse(f"test-partners-{request.module.__name__.rpartition('_')[2]}")
    with house.open():
        house.wait_until_ready(patience_seconds=STARTS_WITHIN_SECONDS)
        yield World(house)
