"""N10, N11: what a publisher may believe when the broker is late or takes nothing."""

from threading import Thread

import amqp
import pytest
from nameko.amqp.publish import Publisher as PlainPublisher
from vine import promise

from shared.messaging.publisher import Outgoing, Publisher, connect
from tests.probe.control import memory_alarm
from tests.waiting import eventually


class Doing(Thread):
    """Something that may never end, and what came of it."""

    def __init__(self, act):
        super().__init__(daemon=True)
        self._act = act
        self.start()

    def run(self):
        try:
            self.result = self._act()
        except TimeoutError as error:
            self.result = error

    def has_ended(self, *, within_seconds=10):
        self.join(within_seconds)
        return not self.is_alive()


@pytest.fixture(scope="module")
def full_memory(servers):
    """A broker that takes nothing, for all tests of this file that ask for it."""
    with memory_alarm(servers):
        yield


def to(queue, body=b"{}"):
    return Outgoing(message_id=queue, exchange="", routing_key=queue, body=body)


@pytest.fixture
def queues(broker, plain):
    """Two queues: one has room, the other is full and refuses."""
    connection = connect(broker.url("plain"), name="tests")
    channel = connection.channel()
    arguments = {"x-max-length": 0, "x-overflow": "reject-publish"}
    channel.queue_declare("roomy", durable=True, auto_delete=False)
    channel.queue_declare("full", durable=True, auto_delete=False, arguments=arguments)
    yield channel
    connection.close()


def test_n11_a_confirm_that_comes_late_is_not_taken_for_another_s(broker, line, queues):
    publisher = Publisher(connect(line.through(broker.url("plain")), name="tests"))
    line.hold_answers()
    with pytest.raises(TimeoutError):
        publisher.publish([to("roomy", b"first")], timeout_seconds=0.2)

    second = Doing(lambda: publisher.publish([to("full", b"second")]))
    eventually(lambda: b"second" in line.heard)
    line.release_answers()

    assert second.has_ended()
    assert second.result == {"full": "nack"}
    publisher.close()


def test_n11_py_amqp_takes_a_confirm_that_comes_late_for_another_s(broker, line, queues):
    connection = connect(line.through(broker.url("plain")), name="tests")
    channel = connection.channel()
    channel.confirm_select()
    channel._confirm_selected = True
    line.hold_answers()
    with pytest.raises(TimeoutError):
        channel.basic_publish_confirm(
            amqp.Message(b"first"), routing_key="roomy", confirm_timeout=0.2
        )

    second = Doing(
        lambda: channel.basic_publish_confirm(amqp.Message(b"second"), routing_key="full")
    )
    eventually(lambda: b"second" in line.heard)
    line.release_answers()

    assert second.has_ended()
    assert isinstance(second.result, promise)  # it did not raise, and yet:
    assert queues.basic_get("full") is None
    connection.collect()


def test_n10_a_publisher_gives_up_while_the_broker_takes_nothing(full_memory, broker):
    publisher = Publisher(connect(broker.url(), name="tests"))

    publishing = Doing(lambda: publisher.publish([to("budget.inbox")], timeout_seconds=0.5))

    assert publishing.has_ended()
    assert isinstance(publishing.result, TimeoutError)  # it may or may not be there


def test_n10_a_publisher_that_gave_up_can_leave_while_the_broker_takes_nothing(full_memory, broker):
    publisher = Publisher(connect(broker.url(), name="tests"))
    with pytest.raises(TimeoutError):
        publisher.publish([to("budget.inbox")], timeout_seconds=0.5)

    leaving = Doing(publisher.close)

    assert leaving.has_ended(within_seconds=4)


def test_n10_plain_nameko_waits_for_as_long_as_the_broker_takes_nothing(full_memory, broker):
    publisher = PlainPublisher(broker.url(), retry=False)

    publishing = Doing(lambda: publisher.publish({}, routing_key="budget.inbox"))

    assert not publishing.has_ended(within_seconds=2)
