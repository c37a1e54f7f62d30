"""By MESH, whichever process ends between fetching, keeping and acknowledging: one effect."""

import json

import pytest
import requests
from mesh_client import MeshClient

from deploy.local.environments import MESH_MAILBOX, MESH_PASSWORD
from deploy.local.waiting import wait_until
from tests.chaos.crashes import KILLED
from tests.chaos.house import SANDBOX
from tests.chaos.partners.messages import Mill
from tests.chaos.partners.world import (
    ERRANDS,
    MAILBOX,
    PATIENCE_SECONDS,
    POSTED,
    POSTMAN,
    SERVICE,
    STARTS_WITHIN_SECONDS,
    TO_THEM,
    TO_US,
    DoorHouse,
    World,
)

pytestmark = pytest.mark.prove
POINTS = ["mesh.fetched", "mesh.taken_in", "mesh.acknowledged", "mesh.sent"]
REFERRALS = "SELECT count(*) AS n FROM referrals"
FATES = "SELECT state, last_error FROM outgoing_messages WHERE outside_id = :mesh_id"
MESSAGES = 40


@pytest.fixture(scope="module")
def world():
    house = DoorHouse("test-partners-post", programs=(SERVICE, ERRANDS, POSTMAN, SANDBOX))
    with house.open():
        house.wait_until_ready(patience_seconds=STARTS_WITHIN_SECONDS)
        yield World(house)


@pytest.fixture(scope="module")
def mill(world):
    return Mill(world.agreements[POSTED], seed=11)


@pytest.fixture(scope="module")
def url(world):
    return world.house.stack.process_environment("partners")["PARTNERS_MESH_URL"]


@pytest.fixture(scope="module")
def box(world, url):
    """Open the partner's mailbox."""
    ours = world.house.stack.process_environment("partners")
    key = ours["PARTNERS_MESH_SHARED_KEY"].encode()
    assert wait_until(lambda: is_up(url), patience_seconds=PATIENCE_SECONDS)
    with MeshClient(url, MAILBOX, MESH_PASSWORD, shared_key=key) as client:
        yield client


def is_up(url):
    try:
        return requests.get(f"{url}/health/live", timeout=1).ok
    except requests.ConnectionError:
        return False


@pytest.fixture
def post(world, box):
    """Post messages, let it be over, and return MESH's ids of the replies by what they answer."""

    def posted(*messages):
        expected = world.taken_in() + len(messages)
        for one in messages:
            box.send_message(MESH_MAILBOX, one.body, workflow_id=TO_US)
        world.come_to_rest(expected, in_a_hurry=True)
        found, ids = fetched(box), {one.message_id for one in messages}
        return {message_id: by_id for message_id, by_id in found.items() if message_id in ids}

    return posted


def fetched(box):
    found = {}
    for mesh_id in box.list_messages():
        with box.retrieve_message(mesh_id) as letter:
            reply = json.loads(letter.read())
        box.acknowledge_message(mesh_id)
        found.setdefault(reply["causationid"], {})[reply["id"]] = (mesh_id, reply)
    return found


@pytest.fixture
def referred(world):
    before = world.house.rows(SERVICE, REFERRALS)[0].n
    return lambda: world.house.rows(SERVICE, REFERRALS)[0].n - before


@pytest.mark.parametrize("point", POINTS)
def test_a_poller_that_ends_at_any_point_leaves_one_effect_and_one_reply(
    world, mill, post, referred, point
):
    postman, message = world.house.programs[POSTMAN], mill.referral()
    crashes = postman.statuses[KILLED]
    postman.arm(point)

    replies = post(message)

    assert wait_until(lambda: postman.statuses[KILLED] > crashes, patience_seconds=10)
    assert [len(by_id) for by_id in replies.values()] == [1]
    assert referred() == 1


def test_copies_in_the_mailbox_have_one_effect_and_one_reply(mill, post, referred):
    message = mill.referral()

    replies = post(message, message, message)

    assert [len(by_id) for by_id in replies.values()] == [1]
    assert referred() == 1


def test_a_full_mailbox_is_drained_while_the_poller_is_killed(world, mill, box, referred):
    messages = [mill.referral() for _ in range(MESSAGES)]
    expected = world.taken_in() + MESSAGES
    postman = world.house.programs[POSTMAN]
    with postman.down():
        for one in messages:
            box.send_message(MESH_MAILBOX, one.body, workflow_id=TO_US)
    postman.arm(f"mesh.taken_in:{MESSAGES // 2}")
    world.come_to_rest(expected, in_a_hurry=True)

    assert fetched(box).keys() == {one.message_id for one in messages}
    assert referred() == MESSAGES


def test_a_report_after_five_days_makes_what_was_not_fetched_somebodys_task(world, mill, post, url):
    (((mesh_id, _),),) = (by_id.values() for by_id in post(mill.referral()).values())
    report = {
        "mailbox_id": MESH_MAILBOX,
        "code": "14",
        "description": "Message not collected by recipient after 5 days",
        "workflow_id": TO_THEM,
        "linked_message_id": mesh_id,
    }
    world.house.programs[POSTMAN].arm("mesh.taken_in")
    requests.post(f"{url}/messageexchange/admin/report", json=report, timeout=5).raise_for_status()

    def fate():
        (row,) = world.house.rows("partners", FATES, mesh_id=mesh_id)
        return row.state, row.last_error

    assert wait_until(lambda: fate() == ("undelivered", "14"), patience_seconds=PATIENCE_SECONDS)
