"""A partner's own system: one reply to each message, a copy with the same bytes, all kept once."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from simulators.partner.app import create_app
from simulators.partner.system import NoReplyError, NotSentError, PartnerSystem
from tests.waiting import eventually

SOURCE = "/org/a-trust/records"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Hand:
    """Carries messages, and answers each with what a test has it say; none: it is silent."""

    def __init__(self):
        self.sent = []
        self.waiting = []
        self.is_silent = False
        self.is_closed = False
        self._keep = None
        self._is_listening = threading.Event()

    def send(self, body, *, routing_key, message_id):
        if self.is_closed:
            raise NotSentError("Closed")
        self.sent.append((routing_key, message_id, body))
        if not self.is_silent:
            self.bring(a_reply(message_id))

    def listen(self, keep, *, until):
        self._keep = keep
        self._is_listening.set()
        until.wait()

    @contextmanager
    def awaited(self):
        self.waiting.append(True)
        yield
        self.waiting.pop()

    def bring(self, message):
        assert self._is_listening.wait(5)
        self._keep(message)


def a_reply(message_id):
    return {
        "id": f"reply-to-{message_id}",
        "type": "uk.commonpurse.reply.accepted.v1",
        "causationid": message_id,
        "data": {"ids": {}},
    }


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def system(hand):
    times = iter(NOON + timedelta(seconds=number) for number in range(100))
    made = PartnerSystem(post=hand, source=SOURCE, clock=lambda: next(times))
    made.start()
    yield made
    made.stop()


def test_a_message_goes_out_in_its_envelope_and_its_reply_comes_back(system, hand):
    reply = system.ask("referral.submit.v1", {"a": 1}, message_id="m-1", story_id="s-1")

    assert reply["causationid"] == "m-1"
    ((key, message_id, body),) = hand.sent
    assert (key, message_id) == ("referral.submit.v1", "m-1")
    assert json.loads(body) == {
        "specversion": "1.0",
        "id": "m-1",
        "source": SOURCE,
        "type": "uk.commonpurse.referral.submit.v1",
        "time": NOON.isoformat(),
        "datacontenttype": "application/json",
        "correlationid": "s-1",
        "data": {"a": 1},
    }


def test_a_copy_has_the_same_bytes_whatever_the_time(system, hand):
    system.ask("referral.submit.v1", {"a": 1}, message_id="m-1")
    system.ask("referral.submit.v1", {"a": 1}, message_id="m-1")

    (_, _, first), (_, _, second) = hand.sent
    assert first == second
    assert system.counts() == {"replies": 1, "events": 0, "copies": 1}


def test_each_message_has_an_id_of_its_own(system, hand):
    for _ in range(2):
        system.ask("referral.submit.v1", {})

    assert len({message_id for _, message_id, _ in hand.sent}) == 2


def test_silence_is_no_answer(system, hand):
    hand.is_silent = True

    with pytest.raises(NoReplyError):
        system.ask("referral.submit.v1", {}, within_seconds=0.05)


def test_an_answer_is_looked_for_for_as_long_as_somebody_waits(system, hand):
    hand.is_silent = True
    asking = threading.Thread(
        target=system.ask, args=("referral.submit.v1", {}), kwargs={"message_id": "m-1"}
    )
    asking.start()
    eventually(lambda: hand.waiting)

    hand.bring(a_reply("m-1"))

    asking.join(5)
    assert not asking.is_alive()
    assert hand.waiting == []


def test_events_are_kept_once_and_found_by_their_type(system, hand):
    event = {"id": "e-1", "type": "uk.commonpurse.budget.budget_activated.v1"}
    for _ in range(2):
        hand.bring(event)

    assert system.heard() == system.heard("budget.budget_activated.v1") == [event]
    assert system.heard("budget.hold_captured.v1") == []
    assert system.counts() == {"replies": 0, "events": 1, "copies": 1}


@pytest.fixture
def client(hand):
    return create_app({"mesh": (SOURCE, hand)}).test_client()


def test_a_partner_is_let_send_over_http(client):
    told = {"type": "referral.submit.v1", "data": {}, "by": "mesh", "id": "m-1"}

    assert client.post("/messages", json=told).json["causationid"] == "m-1"
    assert client.get("/counts").json["replies"] == 1
    assert client.get("/heard").json == {"events": []}


def test_a_way_that_it_has_not_and_one_that_is_closed_are_told(client, hand):
    told = {"type": "referral.submit.v1", "data": {}}
    assert client.post("/messages", json={**told, "by": "amqp"}).status_code == 400
    hand.is_closed = True

    assert client.post("/messages", json={**told, "by": "mesh"}).status_code == 502
