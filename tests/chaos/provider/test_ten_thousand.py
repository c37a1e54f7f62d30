"""Very many messages while the provider does something wrong with one call in twenty.

`make messages` plays ten thousand; ``COMMONPURSE_MESSAGES`` says how many, 2,000 unless set.
"""

import os
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import pytest

from deploy.local.waiting import wait_until
from tests.chaos.provider import crowd
from tests.chaos.provider.world import OPEN_ERRANDS, MessageHouse, World, request_received

pytestmark = pytest.mark.prove
MESSAGES = int(os.environ.get("COMMONPURSE_MESSAGES", "2000"))
AT_ONCE = 500
PATIENCE_SECONDS = 1_200
MOST_LOOKS = 12
SENT_OR_NOT = ("delivered", "failed", "held", "suppressed")
OUTCOMES_THERE = {
    "delivered": "delivered",
    "accepted": "delivered",  # a letter, of which nobody tells more
    "received": "delivered",  # likewise
    "permanent-failure": "failed",
    "temporary-failure": "failed",
    "technical-failure": "failed",
    "sending": "failed",  # for more than 73 hours
}
# What was accepted and is not heard of is asked for after ten minutes, and given up after 73 hours
# in which it was asked for again and again.
TEN_MINUTES_LATER = """
    UPDATE deliveries SET accepted_at = accepted_at - INTERVAL '11 minutes',
                          asked_at = asked_at - INTERVAL '11 minutes'
"""
DAYS_LATER = """
    UPDATE deliveries SET accepted_at = accepted_at - INTERVAL '80 hours'
    WHERE asked_at IS NOT NULL
"""
FAILED = """
    SELECT count(*) AS n FROM messages
    WHERE state = 'failed' AND seen_to_at IS NULL AND audience = 'holder'
"""
SILENT = "SELECT count(*) AS n FROM deliveries WHERE state = 'accepted'"
UNTOLD = "SELECT :wanted - count(*) AS n FROM messages WHERE audience = 'holder'"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What we think in the end, and what the provider has."""

    rows: list
    events: Counter
    accepted: dict
    tasks: int

    @cached_property
    def messages(self):
        return {row.message_id: row for row in self.rows}

    @cached_property
    def sent(self):
        return {str(row.delivery_id): row for row in self.rows if row.provider_id is not None}


def come_to_rest(world, wanted):
    def rests():
        house = world.house
        untold = house.rows("notifications", UNTOLD, wanted=wanted)[0].n
        return untold == 0 and house.rows("notifications", OPEN_ERRANDS)[0].n == 0

    assert wait_until(rests, patience_seconds=PATIENCE_SECONDS), world.open_errands()[:20]


def hear_of_the_silent(world):
    """Let time pass until nothing is silent: fallbacks can fall silent in their turn."""
    for _ in range(MOST_LOOKS):
        before = silent(world)
        if before == 0:
            return
        look_again(world, TEN_MINUTES_LATER)
        if silent(world) == before:
            look_again(world, DAYS_LATER)


def silent(world):
    return world.house.rows("notifications", SILENT)[0].n


def look_again(world, later):
    """Let time pass; the next look comes when the service starts."""
    world.house.execute("notifications", later)
    world.house.programs["notifications"].restart()
    world.house.wait_until_ready()
    come_to_rest(world, MESSAGES)


@pytest.fixture(scope="module")
def outcome():
    limits = {"NOTIFY_RATE_LIMIT": "10000000", "NOTIFY_RATE_BURST": "1000000"}
    house = MessageHouse("test-crowd", errand_workers=8, **limits, NOTIFY_FAULT_SEED="7")
    with house.open():
        house.wait_until_ready()
        world = World(house)
        people = crowd.settle(house, MESSAGES)
        for fault, probability in crowd.FAULTS.items():
            world.fault(fault=fault, probability=probability, times=crowd.ALWAYS, seconds=0.3)
        for start in range(0, len(people), AT_ONCE):
            world.commit(request_received(one) for one in people[start : start + AT_ONCE])
        come_to_rest(world, MESSAGES)
        hear_of_the_silent(world)
        events = house.rows("notifications", "SELECT event_type FROM outbox")
        yield Outcome(
            rows=world.deliveries(),
            events=Counter(row.event_type.split(".")[1] for row in events),
            accepted=world.accepted(),
            tasks=house.rows("notifications", FAILED)[0].n,
        )
        world.close()


def test_every_message_ends_where_somebody_knows_of_it(outcome):
    states = Counter(row.message_state for row in outcome.messages.values())

    assert set(states) == set(SENT_OR_NOT)
    assert sum(states.values()) == MESSAGES
    reasons = {row.message_state: row for row in outcome.messages.values() if row.message_reason}
    assert set(reasons) == {"failed", "held", "suppressed"}


def test_what_is_not_sent_has_the_reason_that_was_given(outcome):
    reasons = Counter(
        (row.message_state, row.message_reason)
        for row in outcome.messages.values()
        if row.message_state in {"held", "suppressed"}
    )

    assert reasons == {
        ("held", "safeguarding"): MESSAGES // 100,
        ("held", "quiet_hours"): MESSAGES // 100,
        ("suppressed", "declined"): MESSAGES // 50,
    }


def test_what_failed_is_told_and_is_a_task(outcome):
    failed = [row for row in outcome.messages.values() if row.message_state == "failed"]

    assert outcome.events["message_undeliverable"] == outcome.tasks == len(failed)
    assert len(failed) >= MESSAGES // 100  # those whom nothing reaches, and some more


def test_no_delivery_was_accepted_twice(outcome):
    assert [one for one, found in outcome.accepted.items() if len(found) != 1] == []


def test_the_provider_has_what_we_think_it_has(outcome):
    assert outcome.accepted.keys() == outcome.sent.keys()
    different = [
        (found[0]["channel"], found[0]["status"], outcome.sent[one].state, outcome.sent[one].reason)
        for one, found in outcome.accepted.items()
        if OUTCOMES_THERE[found[0]["status"]] != outcome.sent[one].state
    ]
    assert different == []


def test_what_was_accepted_and_what_arrived_was_told_once_each(outcome):
    delivered = [row for row in outcome.messages.values() if row.message_state == "delivered"]

    assert outcome.events["message_sent"] == len(outcome.accepted)
    assert outcome.events["message_delivered"] == len(delivered)


def test_enough_went_wrong(outcome):
    called_again = sum(row.attempts > 1 for row in outcome.rows)
    second_channel = sum(row.ordinal == 2 for row in outcome.rows if row.ordinal)

    assert called_again > MESSAGES // 200
    assert second_channel > MESSAGES // 500
