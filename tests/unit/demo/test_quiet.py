"""The demo ends when nothing is under way any more, and says what is left if that never comes."""

import pytest

from demo import quiet
from demo.quiet import Look

QUIET = {
    "outbox_pending": 0,
    "outbox_parked": 0,
    "inbox_retries_waiting": 0,
    "inbox_dead": 0,
    "dead_letters": 0,
    "errands_open": 0,
    "errands_failed": 0,
}


def a_look(*, open_messages=0, untold=0, ready=0, unacknowledged=0, undrained=0, **budget):
    health = dict.fromkeys(quiet.SERVICES, QUIET)
    return Look(
        health={**health, "budget": {**QUIET, **budget}},
        open_messages=open_messages,
        untold=untold,
        ready=ready,
        unacknowledged=unacknowledged,
        undrained=undrained,
    )


@pytest.fixture
def looks(monkeypatch):
    """Let the demo see these looks, one after the other; the last one stays."""

    def looks(*planned):
        left = list(planned)
        monkeypatch.setattr(
            quiet, "look", lambda *_, **__: left.pop(0) if len(left) > 1 else left[0]
        )
        return left

    return looks


class Patient:
    def __init__(self):
        self.pauses = 0

    def pause(self, seconds):
        self.pauses += 1


@pytest.mark.parametrize(
    ("busy", "said"),
    [
        ({"outbox_pending": 3}, "budget.outbox_pending: 3"),
        ({"inbox_retries_waiting": 1}, "budget.inbox_retries_waiting: 1"),
        ({"errands_open": 2}, "budget.errands_open: 2"),
        ({"open_messages": 4}, "notifications: messages not yet delivered: 4"),
        ({"untold": 2}, "partners: messages not yet sent: 2"),
        ({"ready": 5}, "queues: messages ready: 5"),
        ({"unacknowledged": 6}, "queues: messages unacknowledged: 6"),
        ({"undrained": 7}, "queues: dead letters not yet stored: 7"),
    ],
)
def test_whatever_is_under_way_is_waited_for_and_named(looks, busy, said):
    looks(a_look(**busy))

    assert quiet.wait_for_quiet(Patient(), management_url="", patience_seconds=0).left() == [said]


def test_what_is_dead_is_counted_and_not_waited_for():
    look = a_look(inbox_dead=1, outbox_parked=2, errands_failed=3, dead_letters=4)

    assert look.left() == []
    assert look.dead == 10


def test_one_quiet_look_between_two_busy_ones_is_not_yet_the_end(looks):
    left = looks(a_look(), a_look(ready=1), a_look(), a_look())
    patient = Patient()

    assert quiet.wait_for_quiet(patient, management_url="").left() == []
    assert len(left) == 1
    assert patient.pauses == 3


def test_the_brokers_figures_are_split_into_living_and_dead(monkeypatch):
    class Answer:
        def raise_for_status(self):
            pass

        def json(self):
            return [
                {"name": "budget.inbox", "messages_ready": 2, "messages_unacknowledged": 1},
                {"name": "budget.dead", "messages_ready": 7, "messages_unacknowledged": 0},
                {"name": "rpc.reply-edge-1"},
            ]

    class Services:
        def query(self, operation, request):
            outgoing = [{"state": "pending", "count": 3}, {"state": "sent", "count": 5}]
            totals = {
                "notifications.totals": {"open": 0},
                "partners.totals": {"outgoing": outgoing},
            }
            return totals.get(operation, QUIET)

    monkeypatch.setattr(quiet.requests, "get", lambda *_, **__: Answer())

    look = quiet.look(Services(), management_url="http://nowhere")

    assert (look.ready, look.unacknowledged, look.dead) == (2, 1, 7)
    assert look.untold == 3
