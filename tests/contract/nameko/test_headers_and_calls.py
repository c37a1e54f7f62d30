"""N3, N9, N18: what a header may do to a service, and what becomes of a call nobody awaits."""

import inspect
import json
from uuid import uuid4

import amqp
import pytest
from nameko.amqp.publish import Publisher
from nameko.rpc import ReplyListener, RpcReply
from nameko.timer import Timeout

from clients.edge import CallTimedOutError, Edge
from shared.messaging.publisher import connect
from tests.architecture.house import imports, named, python_files
from tests.contract.nameko.test_messages_that_fail import JSON, PLAIN_QUEUE, a_request
from tests.probe import amounts
from tests.waiting import eventually

NO_STACKS = [5, [1]]
UNREADABLE = ("message_id", "content_type")
NO_CALLS = [
    {"content_type": JSON},
    {"reply_to": str(uuid4())},
    {
        "content_type": JSON,
        "reply_to": str(uuid4()),
        "application_headers": {"nameko.call_id_stack": 5},
    },
]
CALL = json.dumps({"args": [], "kwargs": {"request": {}}}).encode()


@pytest.fixture
def edge(servers, clean_broker):
    with Edge.connect(servers.environment(), name="tests") as edge:
        yield edge


@pytest.fixture
def channel(broker, plain):
    connection = connect(broker.url("plain"), name="tests")
    yield connection.channel()
    connection.close()


def test_n3_a_header_that_makes_no_sense_changes_nothing(ours, send, budget):
    program = ours()
    program.await_line("service_started")
    events = [a_request(amounts.FINE) for _ in NO_STACKS]

    for event, stack in zip(events, NO_STACKS, strict=True):
        send(event, application_headers={"nameko.call_id_stack": stack})

    told = sorted(event.event_id for event in events)
    eventually(lambda: sorted(budget("SELECT message_id FROM effects")) == told)
    assert not program.has_ended()


def test_n3_properties_that_cannot_even_be_read_put_the_message_aside(ours, send, budget):
    program = ours()
    program.await_line("service_started")

    for name in UNREADABLE:
        send(a_request(amounts.FINE), **{name: b"\xff\xfe"})
    send(good := a_request(amounts.FINE))

    eventually(lambda: budget("SELECT message_id FROM effects") == [good.event_id])
    eventually(lambda: budget("SELECT count(*) FROM dead_letters") == [len(UNREADABLE)])
    assert not program.has_ended()


@pytest.mark.parametrize("name", UNREADABLE)
def test_n3_plain_nameko_dies_of_properties_that_cannot_be_read(plain, tell_plain, broker, name):
    program = plain()
    program.await_line("service_started")

    tell_plain(b'"fine"', **{name: b"\xff\xfe"})

    assert program.status(within_seconds=10) != 0
    eventually(lambda: broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 1)


@pytest.mark.parametrize("stack", NO_STACKS, ids=str)
def test_n3_plain_nameko_dies_of_a_header_and_leaves_it_to_the_next(
    plain, tell_plain, broker, stack
):
    program = plain()
    program.await_line("service_started")

    tell_plain(b'"fine"', application_headers={"nameko.call_id_stack": stack})

    assert program.status(within_seconds=10) != 0
    eventually(lambda: broker.waiting(PLAIN_QUEUE, virtual_host="plain") == 1)


def test_n3_a_call_that_is_none_is_put_aside_and_the_next_is_answered(
    ours, edge, edge_url, budget, broker
):
    program = ours()
    program.await_line("service_started")
    connection = connect(edge_url, name="tests")
    channel = connection.channel()

    for properties in NO_CALLS:
        channel.basic_publish(amqp.Message(CALL, **properties), "nameko-rpc", "budget.health")

    assert edge.query("budget", "health", {})["inbox_dead"] == 0
    eventually(lambda: broker.waiting("rpc-budget") == 0)
    assert not program.has_ended()
    connection.close()


@pytest.mark.parametrize("properties", NO_CALLS, ids=["no reply_to", "no content_type", "stack 5"])
def test_n3_plain_nameko_dies_of_a_call_and_leaves_it_to_the_next(
    plain, channel, broker, properties
):
    program = plain("Answers")
    program.await_line("service_started")

    channel.basic_publish(amqp.Message(CALL, **properties), "nameko-rpc", "other.look_up")

    assert program.status(within_seconds=10) != 0
    eventually(lambda: broker.waiting("rpc-other", virtual_host="plain") == 1)


def test_n9_a_call_goes_when_its_caller_gives_up(ours, edge, budget, broker):
    with pytest.raises(CallTimedOutError):
        edge.command("budget", "spend", {"amount_pence": amounts.FINE}, timeout_seconds=0.3)

    eventually(lambda: broker.waiting("rpc-budget") == 0)
    ours().await_line("service_started")
    edge.query("budget", "health", {})
    assert budget("SELECT message_id FROM effects") == []


def test_n9_no_service_waits_for_another():
    found = [
        f"{named(path)}: {module}"
        for path in python_files()
        for module in imports(path)
        if module.startswith(("nameko.rpc", "nameko.standalone"))
    ]

    assert found == []


def test_n9_plain_nameko_carries_a_call_out_long_after_its_caller_has_gone(
    plain, tell_plain, channel, broker
):
    channel.exchange_declare("nameko-rpc", "topic", durable=True, auto_delete=False)
    channel.queue_declare("rpc-other", durable=True, auto_delete=False)
    channel.queue_bind("rpc-other", "nameko-rpc", "other.*")
    caller = plain("Asks")
    caller.await_line("service_started")
    tell_plain(b"{}")
    call = eventually(lambda: channel.basic_get("rpc-other"))
    assert call.properties["delivery_mode"] == 2
    assert "expiration" not in call.properties
    channel.basic_reject(call.delivery_tag, requeue=True)

    caller.kill()

    plain("Answers").await_line("looked_up")


def test_n9_plain_nameko_keeps_the_place_of_a_reply_that_nobody_awaits_any_more():
    listener = ReplyListener()

    with Timeout(0.01, exception=False):
        RpcReply(listener.get_reply_event("one")).result()  # has no deadline of its own

    assert "one" in listener._reply_events


def test_n9_what_plain_nameko_calls_milliseconds_are_seconds(broker, channel):
    queue = channel.queue_declare("", exclusive=True).queue

    Publisher(broker.url("plain"), expiration=5).publish({}, routing_key=queue)

    sent = eventually(lambda: channel.basic_get(queue, no_ack=True))
    assert sent.properties["expiration"] == "5000"
    assert "Per-message TTL" in inspect.getsource(Publisher)
    assert "in milliseconds" in inspect.getsource(Publisher)


def test_n18_who_a_header_says_it_is_reaches_nobody(ours, send, budget):
    program = ours()
    program.await_line("service_started")

    send(
        a_request(amounts.FINE),
        application_headers={"nameko.user_id": "the-bishop", "nameko.auth_token": "the-bishop"},
    )

    (told,) = eventually(lambda: budget("SELECT body::text FROM outbox"))
    assert "tests/system" in told  # whom the envelope names
    assert "the-bishop" not in told + program.output()


def test_n18_plain_nameko_believes_whoever_can_publish(plain, tell_plain):
    program = plain("BelievesHeaders")
    program.await_line("service_started")

    tell_plain(b"{}", application_headers={"nameko.user_id": "the-bishop"})

    program.await_line("this is the-bishop")
