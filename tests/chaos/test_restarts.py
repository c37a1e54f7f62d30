"""A new release comes in while people work; and one service stands still with its inbox full."""

import threading

import pytest

from tests.chaos.crashes import flows
from tests.chaos.house import OURS
from tests.probe.fixtures import Broker

pytestmark = pytest.mark.prove


def test_a_rolling_restart_under_load_loses_nothing_and_doubles_nothing(crashes):
    house, players = crashes.house, crashes.players
    lines = [line for line in flows().values() for _ in range(6)]
    playing = threading.Thread(target=players.play_all, args=(lines,), kwargs={"at_once": 4})
    playing.start()
    begun = {name: sum(house.programs[name].statuses.values()) for name in OURS}

    for name in OURS:
        house.programs[name].restart()
    assert playing.is_alive()  # it was under load to the last

    crashes.hurry_until_over(playing)
    restarted = {name for name in OURS if sum(house.programs[name].statuses.values()) > begun[name]}
    assert restarted == set(OURS)
    assert {house.programs[name].last_status for name in OURS} == {0}
    assert crashes.come_to_rest() == []


def test_purchases_complete_while_another_service_is_down_and_its_inbox_is_full(crashes):
    house, players = crashes.house, crashes.players
    broker = Broker(house.stack)
    broker.limit("notifications[.]inbox", messages=1)
    with house.programs["notifications"].down():
        played = len(players.played)
        players.play(flows()["card"])
        assert len(players.played) == played + 1, players.failed
        kept = "SELECT count(*) AS n FROM outbox WHERE state = 'pending' AND last_error = 'nack'"
        assert sum(house.rows(one, kept)[0].n for one in ("assessment", "payments")) > 0

        broker.limit("notifications[.]inbox", messages=None)

    house.wait_until_ready()
    assert crashes.come_to_rest() == []
