"""Each service may do on the broker what it must, and nothing else."""

from collections.abc import Callable, Mapping
from uuid import uuid4

import amqp
import pytest

from shared.contracts import catalogue, manifest
from shared.messaging.publisher import connect

pytestmark = pytest.mark.prove  # a connection, or a browser, for each of very many cases
EVERY_SERVICE = pytest.mark.parametrize("service", manifest.SERVICES)
EVERY_EDGE = pytest.mark.parametrize("user", manifest.EDGE_USERS)
EVERY_PAIR = pytest.mark.parametrize(
    ("service", "other"),
    [(one, other) for one in manifest.SERVICES for other in manifest.SERVICES if one != other],
)
QUORUM = {"durable": True, "auto_delete": False, "arguments": {"x-queue-type": "quorum"}}
LASTING = {"durable": True, "auto_delete": False}

Act = Callable[[amqp.Channel], object]


@pytest.fixture
def connected(servers):
    """Connect as a service, or as the edge."""
    opened = []

    def url_of(user: str) -> str:
        if user == manifest.EDGE_USER:
            return servers.environment()["COMMONPURSE_BROKER_URL"]
        if (
            user == "partners_calls"
        ):  # partners has two users: it hears as one, and asks as the other
            return servers.process_environment("partners")["PARTNERS_CALLS_URL"]
        return servers.process_environment(user)["COMMONPURSE_BROKER_URL"]

    def connect_as(user: str) -> amqp.Connection:
        url = url_of(user)
        opened.append(connect(url, name="tests"))
        return opened[-1]

    yield connect_as
    for connection in opened:
        connection.collect()


def publish(channel: amqp.Channel, exchange: str, key: str) -> None:
    channel.confirm_select()
    channel.basic_publish_confirm(amqp.Message(b"{}"), exchange, key)


def not_refused(connection: amqp.Connection, acts: Mapping[str, Act]) -> list[str]:
    """Try each on a channel of its own, since a refusal closes the channel."""
    done = []
    for what, act in acts.items():
        try:
            act(connection.channel())
            done.append(what)
        except amqp.AccessRefused:
            pass
    return done


def queues(service: str) -> list[str]:
    kinds = (manifest.inbox_queue, manifest.dead_letter_queue, manifest.rpc_queue)
    return [queue_of(service) for queue_of in kinds]


def exchanges(service: str) -> list[str]:
    return [manifest.events_exchange(service), manifest.stamp(service)]


def on_queues(service: str, act: Callable[[amqp.Channel, str], object]) -> dict[str, Act]:
    return {queue: lambda channel, name=queue: act(channel, name) for queue in queues(service)}


def on_exchanges(service: str, act: Callable[[amqp.Channel, str], object]) -> dict[str, Act]:
    return {one: lambda channel, name=one: act(channel, name) for one in exchanges(service)}


# What a service must be able to do


@EVERY_SERVICE
def test_a_service_tells_its_own_events_and_replies(connected, service):
    connection = connected(service)

    publish(connection.channel(), manifest.events_exchange(service), f"{service}.nothing_heard.v1")
    publish(connection.channel(), manifest.RPC_EXCHANGE, str(uuid4()))


@EVERY_SERVICE
def test_a_service_reads_its_inbox_its_calls_and_its_dead_letters(connected, service):
    connection = connected(service)

    read = not_refused(connection, on_queues(service, lambda channel, q: channel.basic_get(q)))
    assert read == queues(service)


# What it must not be able to do to another


@EVERY_PAIR
def test_a_service_tells_nothing_in_another_s_name(connected, service, other):
    own, theirs = manifest.events_exchange(service), manifest.events_exchange(other)
    keys = [event for event in catalogue.SCHEMAS if event.startswith(f"{other}.")]
    acts = {
        f"{exchange} {key}": lambda channel, to=(exchange, key): publish(channel, *to)
        for exchange in (own, *exchanges(other))
        for key in keys
    }
    acts |= {theirs: lambda channel: publish(channel, theirs, f"{service}.told_here.v1")}

    assert keys
    assert not_refused(connected(service), acts) == []


@EVERY_PAIR
def test_a_service_calls_nobody_and_puts_nothing_into_another_s_queue(connected, service, other):
    past_every_exchange = on_queues(other, lambda channel, queue: publish(channel, "", queue))
    by_a_call = {
        operation: lambda channel, key=f"{other}.{operation}": publish(
            channel, manifest.RPC_EXCHANGE, key
        )
        for operation in ("health", "receive_contribution", "approve_plan")
    }

    assert not_refused(connected(service), past_every_exchange | by_a_call) == []


@EVERY_PAIR
@pytest.mark.parametrize(
    "read",
    [
        lambda channel, queue: channel.basic_get(queue),
        lambda channel, queue: channel.basic_consume(queue),
        lambda channel, queue: channel.queue_purge(queue),
    ],
    ids=["get", "consume", "purge"],
)
def test_a_service_reads_nothing_of_another_s(connected, service, other, read):
    assert not_refused(connected(service), on_queues(other, read)) == []


@EVERY_PAIR
def test_a_service_turns_nothing_of_another_s_towards_itself_or_away(connected, service, other):
    own, inbox = manifest.events_exchange(service), manifest.inbox_queue(service)
    heard = on_exchanges(
        other, lambda channel, exchange: channel.queue_bind(inbox, exchange, f"{other}.#")
    )
    fed = on_queues(other, lambda channel, queue: channel.queue_bind(queue, own, "#"))
    cut = {
        one["routing_key"]: lambda channel, one=one: channel.queue_unbind(
            one["destination"], one["source"], one["routing_key"]
        )
        for one in manifest.definitions()["bindings"]
        if one["destination"] in queues(other)
    }
    joined = {
        "from": lambda channel: channel.exchange_bind(own, manifest.events_exchange(other), "#"),
        "to": lambda channel: channel.exchange_bind(manifest.events_exchange(other), own, "#"),
    }
    connection = connected(service)

    for acts in (heard, fed, cut, joined):
        assert acts
        assert not_refused(connection, acts) == []


@EVERY_PAIR
def test_a_service_declares_and_deletes_nothing_of_another_s(connected, service, other):
    declared = on_queues(other, lambda channel, queue: channel.queue_declare(queue, **QUORUM))
    deleted = on_queues(other, lambda channel, queue: channel.queue_delete(queue))
    exchanges_declared = on_exchanges(
        other, lambda channel, name: channel.exchange_declare(name, "topic", **LASTING)
    )
    exchanges_deleted = on_exchanges(other, lambda channel, name: channel.exchange_delete(name))
    new = {
        "queue": lambda channel: channel.queue_declare(f"{other}.more", **QUORUM),
        "exchange": lambda channel: channel.exchange_declare(f"{other}.more", "topic", **LASTING),
        "reply queue": lambda channel: channel.queue_declare(
            f"rpc.reply-edge-{uuid4()}", exclusive=True
        ),
    }
    connection = connected(service)

    for acts in (declared, deleted, exchanges_declared, exchanges_deleted, new):
        assert not_refused(connection, acts) == []


# Nor to its own, and to what is nobody's


@EVERY_SERVICE
def test_a_service_declares_binds_and_deletes_nothing_of_its_own_either(connected, service):
    own, inbox = manifest.events_exchange(service), manifest.inbox_queue(service)
    others = [
        on_queues(service, lambda channel, queue: channel.queue_declare(queue, **QUORUM)),
        on_queues(service, lambda channel, queue: channel.queue_delete(queue)),
        on_exchanges(service, lambda channel, name: channel.exchange_delete(name)),
        {
            "queue": lambda channel: channel.queue_declare(f"{service}.more"),
            "exchange": lambda channel: channel.exchange_declare(f"{service}.more", "topic"),
            "unnamed": lambda channel: channel.queue_declare(exclusive=True),
            "bind": lambda channel: channel.queue_bind(inbox, own, "#"),
            "listen in": lambda channel: channel.queue_bind(inbox, manifest.RPC_EXCHANGE, "#"),
        },
    ]
    connection = connected(service)

    for acts in others:
        assert not_refused(connection, acts) == []


@EVERY_SERVICE
def test_a_service_writes_to_no_exchange_of_the_broker_s_own_and_no_event_without_a_version(
    connected, service
):
    own = manifest.events_exchange(service)
    acts = {
        "default": lambda channel: publish(channel, "", manifest.inbox_queue(service)),
        "topic": lambda channel: publish(channel, "amq.topic", f"{service}.nothing_heard.v1"),
        "fanout": lambda channel: publish(channel, "amq.fanout", ""),
        "no version": lambda channel: publish(channel, own, f"{service}.nothing_heard"),
        "stamp": lambda channel: publish(channel, manifest.stamp(service), f"{service}.a.v1"),
    }

    assert not_refused(connected(service), acts) == []


@EVERY_EDGE
def test_the_edge_forges_no_reply_and_listens_to_no_call_or_event(connected, user):
    connection = connected(user)
    own = f"rpc.reply-{user}-{uuid4()}"
    connection.channel().queue_declare(own, exclusive=True)
    acts = {
        "hear calls": lambda channel: channel.queue_bind(own, manifest.RPC_EXCHANGE, "budget.*"),
        "hear events": lambda channel: channel.queue_bind(own, "budget.events", "#"),
        "reply": lambda channel: publish(channel, manifest.RPC_EXCHANGE, str(uuid4())),
        "tell": lambda channel: publish(channel, "budget.events", "budget.hold_placed.v1"),
    }

    assert not_refused(connection, acts) == []


@EVERY_EDGE
def test_one_edge_takes_no_replies_of_another(connected, user):
    for other in set(manifest.EDGE_USERS) - {user}:
        queue = f"rpc.reply-{other}-{uuid4()}"
        acts = {
            "declare": lambda channel, queue=queue: channel.queue_declare(queue, exclusive=True),
            "read": lambda channel, queue=queue: channel.basic_get(queue),
        }

        assert not_refused(connected(user), acts) == []


@EVERY_EDGE
@EVERY_SERVICE
def test_the_edge_touches_no_queue_of_a_service(connected, service, user):
    connection = connected(user)

    for act in (
        lambda channel, queue: channel.basic_get(queue),
        lambda channel, queue: publish(channel, "", queue),
        lambda channel, queue: channel.queue_declare(queue, **QUORUM),
        lambda channel, queue: channel.queue_delete(queue),
    ):
        assert not_refused(connection, on_queues(service, act)) == []
