"""A partner's messages by AMQP, on plain pika: into ``in`` and out of ``out`` of its virtual host.

It sends from whichever thread asks, each on a connection of its own.
"""

import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pika
import pika.exceptions

from simulators.partner.system import Message, NotSentError

CONTENT_TYPE = "application/cloudevents+json"
PAUSE_AFTER_FAULT_SECONDS = 1.0
LISTENS_FOR_SECONDS = 0.5
AT_ONCE = 50


class ByAmqp:
    """A partner's virtual host."""

    def __init__(self, *, broker_url: str) -> None:
        self._parameters = pika.URLParameters(broker_url)

    def send(self, body: bytes, *, routing_key: str, message_id: str) -> None:
        """Publish a message, whatever it is, and wait until the broker has it."""
        properties = pika.BasicProperties(
            content_type=CONTENT_TYPE, delivery_mode=2, message_id=message_id
        )
        try:
            with pika.BlockingConnection(self._parameters) as connection:
                channel = connection.channel()
                channel.confirm_delivery()
                channel.basic_publish("in", routing_key, body, properties, mandatory=True)
        except (pika.exceptions.AMQPError, OSError) as error:
            raise NotSentError(type(error).__name__) from error

    def listen(self, keep: Callable[[Message], None], *, until: threading.Event) -> None:
        """Keep whatever comes; a connection that breaks is opened anew."""
        while not until.is_set():
            try:
                with pika.BlockingConnection(self._parameters) as connection:
                    _take(connection.channel(), keep, until=until)
            except (pika.exceptions.AMQPError, OSError):
                until.wait(PAUSE_AFTER_FAULT_SECONDS)

    def awaited(self) -> AbstractContextManager[None]:
        """Wait: the broker brings an answer by itself."""
        return nullcontext()


def _take(channel: Any, keep: Callable[[Message], None], *, until: threading.Event) -> None:
    channel.basic_qos(prefetch_count=AT_ONCE)
    for method, _, body in channel.consume("out", inactivity_timeout=LISTENS_FOR_SECONDS):
        if until.is_set():
            return
        if method is not None:
            keep(json.loads(body))
            channel.basic_ack(method.delivery_tag)
