"""Each service may do on the broker what it must, and nothing else."""

from uuid import uuid4

import amqp
import pytest

from shared.messaging import topology
from shared.messaging.publisher import connect

OBJECTS = [
    (exchange, key)
    for service in topology.SERVICES
    for exchange, key in (
        (topology.events_exchange(service), f"{service}.something_happened.v1"),
        (topology.RPC_EXCHANGE, f"{service}.health"),
    )
]


@pytest.fixture(params=topology.SERVICES)
def connected(request, servers):
    url = servers.process_environment(request.param)["COMMONPURSE_BROKER_URL"]
    connection = connect(url, name="tests")
    yield request.param, connection
    connection.collect()


def publish(connection, exchange, key):
    channel = connection.channel()
    channel.confirm_select()
    channel.basic_publish_confirm(amqp.Message(b"{}"), exchange, key)


def test_a_service_tells_its_own_events_and_replies(connected):
    service, connection = connected

    publish(connection, topology.events_exchange(service), f"{service}.nothing_heard.v1")
    publish(connection, topology.RPC_EXCHANGE, str(uuid4()))


def test_a_service_tells_nothing_in_another_s_name_and_calls_nobody(connected):
    service, connection = connected

    for exchange, key in OBJECTS:
        if exchange != topology.events_exchange(service):
            with pytest.raises(amqp.AccessRefused):
                publish(connection, exchange, key)
    with pytest.raises(amqp.AccessRefused):
        publish(connection, topology.events_exchange(service), "another.thing_happened.v1")
    with pytest.raises(amqp.AccessRefused):
        publish(connection, "", topology.inbox_queue(service))


def test_a_service_reads_no_queue_but_its_own_two(connected):
    service, connection = connected

    for other in topology.SERVICES:
        for queue in (topology.inbox_queue(other), topology.rpc_queue(other)):
            if other != service:
                with pytest.raises(amqp.AccessRefused):
                    connection.channel().basic_get(queue)
        with pytest.raises(amqp.AccessRefused):
            connection.channel().basic_get(topology.dead_letter_queue(other))


def test_a_service_declares_and_binds_nothing(connected):
    service, connection = connected

    with pytest.raises(amqp.AccessRefused):
        connection.channel().queue_declare(f"{service}.more")
    with pytest.raises(amqp.AccessRefused):
        connection.channel().exchange_declare(f"{service}.more", "topic")
    with pytest.raises(amqp.AccessRefused):
        connection.channel().queue_bind(
            topology.inbox_queue(service), topology.events_exchange(service), "#"
        )


def test_the_edge_forges_no_reply_and_listens_to_no_call_or_event(servers):
    connection = connect(servers.environment()["COMMONPURSE_BROKER_URL"], name="tests")
    own = f"rpc.reply-edge-{uuid4()}"
    connection.channel().queue_declare(own, exclusive=True)

    for exchange, key in ((topology.RPC_EXCHANGE, "budget.*"), ("budget.events", "#")):
        with pytest.raises(amqp.AccessRefused):
            connection.channel().queue_bind(own, exchange, key)
    with pytest.raises(amqp.AccessRefused):
        publish(connection, topology.RPC_EXCHANGE, str(uuid4()))
    with pytest.raises(amqp.AccessRefused):
        publish(connection, "budget.events", "budget.hold_placed.v1")
    connection.collect()
