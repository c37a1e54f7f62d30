"""What a lane cannot take in holds up nobody, and what cannot be kept just now is not lost."""

import json
import threading
import time

import amqp
import pytest
from sqlalchemy import select

from services.partners import lanes
from services.partners.inbound import handlers, models, queries
from services.partners.inbound.models import UnreadableMessage
from services.partners.lanes import Lane
from services.partners.outbound.models import OutgoingMessage, OutgoingState
from services.partners.oversight.queries import open_tasks
from shared.database import open_engine, open_sessions
from tests.integration.partners.conftest import a_message

NOWHERE = "postgresql+psycopg2://nobody@127.0.0.1:1/nothing"


@pytest.fixture
def lane(trust, engines):
    """A lane that waits for nothing: it is being stopped."""
    stopping = threading.Event()
    stopping.set()
    sessions = open_sessions(engines("partners"))
    return Lane(agreement=trust, url="", sessions=sessions, stopping=stopping)


@pytest.fixture
def came(trust):
    return [amqp.Message(json.dumps(a_message(trust))) for _ in range(3)]


@pytest.fixture
def _second_is_poison(monkeypatch, came):
    receive, poison = lanes.inbound.receive, came[1].body.encode()

    def stumble(body, **how):
        if body == poison:
            raise RecursionError
        receive(body, **how)

    monkeypatch.setattr(lanes.inbound, "receive", stumble)


def work_off(lane, came):
    taken = []
    while came:
        taken.append(lane.take_in(came))
        del came[: taken[-1]]
    return taken


def test_what_came_together_is_taken_in_together(lane, transaction, came, errands):
    assert work_off(lane, came) == [3]
    assert len(errands()) == 3


@pytest.mark.usefixtures("_second_is_poison")
def test_what_cannot_be_taken_in_is_set_apart_whole_and_the_others_go_on(
    lane, transaction, came, errands
):
    poison = came[1].body.encode()

    assert work_off(lane, came) == [1, 1, 1]

    assert len(errands()) == 2
    with transaction() as session:
        (kept,) = session.scalars(select(UnreadableMessage))
        (task,) = open_tasks({"role": None}, session=session)
    assert (kept.reason, kept.body) == (handlers.NOT_TAKEN_IN, poison)
    assert task["kind"] == "partner_message_unreadable"


def test_while_the_database_is_away_the_messages_stay_with_the_broker(lane, came):
    lane.sessions = open_sessions(open_engine(NOWHERE, pool_size=1))

    assert lane.take_in(came) == 0


def test_while_enough_is_under_way_the_messages_stay_with_the_broker(lane, transaction, trust):
    came = [amqp.Message(json.dumps(a_message(trust))) for _ in range(queries.MOST_UNDER_WAY + 1)]

    assert [lane.take_in(came), lane.take_in(came)] == [queries.MOST_UNDER_WAY, 0]


def test_who_sends_what_nobody_can_read_fills_no_disk_and_is_read_on(
    lane, transaction, monkeypatch, trust
):
    monkeypatch.setattr(models, "VERY_MANY", 2)
    junk = [amqp.Message(b"not JSON") for _ in range(3)]

    assert work_off(lane, [*junk, amqp.Message(json.dumps(a_message(trust)))]) == [4]

    with transaction() as session:
        kept = session.scalars(select(UnreadableMessage)).all()
        assert sorted(one.body for one in kept) == [b"", b"not JSON", b"not JSON"]
        assert len({one.digest for one in kept}) == 1


def test_the_bridge_knows_for_all_lanes_at_once_to_whom_something_is_to_be_sent(
    receive, trust, transaction
):
    """So that it wakes no other: there may be many partners, and each message is of one."""
    receive(a_message(trust), trust)  # it is on its way to a service
    with transaction() as session:
        assert OutgoingMessage.awaited(session=session) == set()
    receive(a_message(trust, data={}), trust)

    with transaction() as session:
        assert OutgoingMessage.awaited(session=session) == {(trust.code, trust.systems[0].name)}
        session.scalars(select(OutgoingMessage)).one().state = OutgoingState.SENT
    with transaction() as session:
        assert OutgoingMessage.awaited(session=session) == set()


def test_a_flood_goes_one_at_a_time_beside_a_partner_in_no_hurry(lane, transaction, trust, council):
    lane.turns.see(council.code, is_in_a_hurry=False, at=time.monotonic())
    came = [amqp.Message(json.dumps(a_message(trust))) for _ in range(queries.MOST_UNDER_WAY + 1)]

    assert [lane.take_in(came), lane.take_in(came)] == [1, 0]
