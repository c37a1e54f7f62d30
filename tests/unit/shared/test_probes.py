"""What a process says of itself, and how soon."""

import time
from threading import Event

import pytest

from shared.observability import probes


@pytest.fixture
def later(monkeypatch):
    """Let so many seconds pass in which nothing happens."""

    def let_pass(seconds):
        now = time.monotonic() + seconds
        monkeypatch.setattr(probes.time, "monotonic", lambda: now)

    return let_pass


def test_a_loop_that_turns_is_live(later):
    probes.tick()
    later(probes.STALLED_AFTER_SECONDS - 1)

    assert probes.live() == ({"status": "live"}, 200)


def test_a_loop_that_hangs_is_not_live_until_it_turns_again(later):
    probes.tick()
    later(probes.STALLED_AFTER_SECONDS + 1)

    assert probes.live() == ({"status": "stalled"}, 503)
    probes.tick()
    assert probes.live() == ({"status": "live"}, 200)


def test_who_has_all_that_it_needs_is_ready():
    assert probes.ready({"database": lambda: True, "broker": lambda: True}) == (
        {"status": "ready", "database": True, "broker": True},
        200,
    )


def test_what_is_missing_is_named_and_the_fault_is_not():
    def fails():
        raise RuntimeError("the name of a person")

    assert probes.ready({"database": fails, "broker": lambda: False, "other": lambda: True}) == (
        {"status": "not ready", "database": False, "broker": False, "other": True},
        503,
    )


def test_what_does_not_answer_at_all_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(probes, "READY_WITHIN_SECONDS", 0.05)
    let_go = Event()

    answer = probes.ready({"database": lambda: let_go.wait(2) or True, "broker": lambda: True})

    let_go.set()
    assert answer == ({"status": "not ready", "database": False, "broker": True}, 503)
