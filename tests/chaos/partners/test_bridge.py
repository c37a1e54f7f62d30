"""Whichever process ends, and whatever comes twice, late or too early: one effect, one reply."""

import random
import signal
from collections import Counter

import pytest

from deploy.local.waiting import wait_until
from tests.chaos.crashes import KILLED
from tests.chaos.house import pause
from tests.chaos.partners.messages import Mill, Sent
from tests.chaos.partners.world import BRIDGE, ERRANDS, SERVICE, STRANGER, TRUST

pytestmark = pytest.mark.prove
SEED = 9
MESSAGES = 60
KILLS = 4
REFERRALS = "SELECT count(*) AS n FROM referrals"
DEATHS = "SELECT count(*) AS n FROM life_events WHERE kind = 'death'"
POINTS = [
    (BRIDGE, "partner.received"),
    (BRIDGE, "publisher.sent"),
    (BRIDGE, "partner.sent"),
    (ERRANDS, "errand.claimed"),
    (ERRANDS, "errand.called"),
    (ERRANDS, "errand.recorded"),
    (ERRANDS, "errand.settled"),
    (SERVICE, "command.handled"),
    (SERVICE, "command.committed"),
    (SERVICE, "command.replied"),
]


@pytest.fixture(scope="module")
def trust(world):
    return Mill(world.agreements[TRUST], seed=SEED)


@pytest.fixture
def play(world):
    """Send, let it be over, and return the replies to a partner by what they answer."""

    def played(*messages: Sent, partner: str = TRUST, meanwhile=lambda: None):
        expected = world.taken_in() + len(messages)
        world.send(messages)
        meanwhile()
        world.come_to_rest(expected, in_a_hurry=True)
        found, ids = replies_to(world.fetch()[partner]), {one.message_id for one in messages}
        return {message_id: by_id for message_id, by_id in found.items() if message_id in ids}

    return played


@pytest.fixture
def referred(world):
    """Count the referrals that were made since the test began."""
    before = world.house.rows(SERVICE, REFERRALS)[0].n
    return lambda: world.house.rows(SERVICE, REFERRALS)[0].n - before


def replies_to(came):
    """Return the ids of the replies by what they answer; copies of one have its id."""
    found = {}
    for one in came:
        found.setdefault(one["causationid"], {})[one["id"]] = one
    return found


@pytest.mark.parametrize(("name", "point"), POINTS)
def test_a_process_that_ends_at_any_point_leaves_one_effect_and_one_reply(  # noqa: PLR0917
    world, trust, play, referred, name, point
):
    program, message = world.house.programs[name], trust.referral()
    crashes = program.statuses[KILLED]
    program.arm(point)
    world.house.wait_until_ready()

    (replies,) = play(message).values()

    # Where it ends after the reply is on its way, that may be a moment later.
    assert wait_until(lambda: program.statuses[KILLED] > crashes, patience_seconds=10)
    assert [one["data"].get("code", "accepted") for one in replies.values()] == ["accepted"]
    assert referred() == 1


def test_what_is_sent_while_the_bridge_is_down_is_answered_when_it_is_back(
    world, trust, play, referred
):
    messages = [trust.referral() for _ in range(5)]
    expected = world.taken_in() + len(messages)
    with world.house.programs[BRIDGE].down():
        world.send(messages)
    world.come_to_rest(expected)

    assert replies_to(world.fetch()[TRUST]).keys() == {one.message_id for one in messages}
    assert referred() == len(messages)


def test_whatever_is_killed_under_load_each_message_has_one_effect_and_one_reply(
    world, trust, play, referred
):
    messages = [trust.referral() for _ in range(MESSAGES)]
    dice = random.Random(SEED)

    def kill():
        for _ in range(KILLS):
            pause(dice.uniform(0.1, 1))
            world.house.programs[dice.choice([BRIDGE, ERRANDS])].send(signal.SIGKILL)

    replies = play(*messages, meanwhile=kill)

    assert Counter(map(len, replies.values())) == {1: MESSAGES}
    assert referred() == MESSAGES


def test_copies_have_one_effect_and_the_same_reply_however_late_they_come(play, trust, referred):
    first, other = trust.referral(), trust.referral()

    early = play(first, first, other, first)
    late = play(trust.again(first))

    assert {len(by_id) for by_id in early.values()} == {1}
    assert early[first.message_id] == late[first.message_id]
    assert referred() == 2


def test_what_comes_before_it_may_come_waits_until_it_may(world, play, trust):
    """A body speaks of a person before it is known that they agreed to it."""
    stranger = Mill(world.agreements[STRANGER], seed=SEED)
    (reply,) = next(iter(play(trust.referral()).values())).values()
    person_id = reply["data"]["ids"]["person_id"]
    death = stranger.death(person_id)
    before = world.house.rows(SERVICE, DEATHS)[0].n

    def agree():
        world.send([trust.consent(person_id, world.agreements[STRANGER].organisation)])

    expected = world.taken_in() + 1
    (replies,) = play(death, partner=STRANGER, meanwhile=agree).values()
    world.come_to_rest(expected + 1)

    assert [one["type"] for one in replies.values()] == ["uk.commonpurse.reply.accepted.v1"]
    assert world.house.rows(SERVICE, DEATHS)[0].n == before + 1
