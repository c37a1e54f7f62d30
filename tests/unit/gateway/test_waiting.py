"""Whoever waits for the outcome of a command asks often at first, and then ever less often."""

import pytest

from services.gateway.calling import FIRST_LOOK_SECONDS, pause_seconds


def looks_within(seconds):
    """Return after how many seconds somebody looks who waits in vain."""
    waited, looks = 0.0, []
    while waited < seconds:
        waited += pause_seconds(waited)
        looks.append(waited)
    return looks


def test_a_wait_of_half_a_minute_asks_a_few_times_and_not_a_thousand():
    assert len(looks_within(30)) <= 35


def test_nobody_looks_before_anything_can_have_happened():
    assert looks_within(1)[0] == FIRST_LOOK_SECONDS


@pytest.mark.parametrize("settled_after", [0.05, 0.1, 0.25, 1, 10])
def test_an_outcome_is_seen_a_quarter_of_the_time_late_at_most(settled_after):
    seen_after = next(at for at in looks_within(60) if at >= settled_after)

    assert seen_after - settled_after <= max(0.04, settled_after / 4)
