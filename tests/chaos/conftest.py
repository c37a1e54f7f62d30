"""One house for the tests that leave it as sound as they found it."""

import pytest

from tests.chaos.crashes import Crashes
from tests.chaos.house import House


@pytest.fixture(scope="package")
def crashes():
    with House("test-crashes").open() as house:
        house.wait_until_ready()
        yield Crashes(house)
