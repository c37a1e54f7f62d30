"""Services that break a promise are found out: the checks of crash points and chaos can fail."""

import pytest

from tests.chaos.crashes import Crashes, Round
from tests.chaos.house import House

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def crashes():
    """A house of its own: what is lost in it stays lost."""
    with House("test-planted").open() as house:
        house.wait_until_ready()
        yield Crashes(house)


@pytest.mark.parametrize(
    ("which", "name", "point", "lost"),
    [
        ("early-ack", "budget", "inbox.claimed", "budget never had "),
        ("early-mark", "payments-relay", "planted", "never had payments."),
    ],
)
def test_a_service_that_breaks_its_promise_is_found_out(crashes, which, name, point, lost):
    with crashes.planted(which):
        found = crashes.play(Round(flow="card", points={name: point}))

    assert any(line.startswith("I4") and lost in line for line in found), found
