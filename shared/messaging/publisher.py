"""Publishing with confirms, many at a time, with our own book of what is confirmed.

py-amqp waits for one confirm at a time and does not compare delivery tags (N11 in
docs/architecture/nameko.md), so this keeps the tags itself. On any error the connection is of no
more use: close it and open another.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp

from shared.messaging import crash, properties  # noqa: F401 - properties are read by its rule

CLOSE_WITHIN_SECONDS = 2
HEARTBEAT_SECONDS = 20  # who has said nothing for twice to three times as long is taken for gone
DEFAULT_PORTS = {"amqp": 5672, "amqps": 5671}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message on its way to the broker."""

    message_id: str
    exchange: str
    routing_key: str
    body: bytes
    content_type: str = "application/json"


def connect(
    broker_url: str, *, name: str, heartbeat_seconds: int = HEARTBEAT_SECONDS
) -> amqp.Connection:
    """Open a connection to ``amqp://user:password@host:port/vhost``, or ``amqps://`` for TLS.

    Raises:
        OSError or amqp.AMQPError: the broker is away or refuses, or is not whom it should be.
        ValueError: it is neither kind of address.
    """
    if not broker_url.startswith(("amqp://", "amqps://")):
        raise ValueError("The broker's address must begin with amqp:// or amqps://.")
    url = urlsplit(broker_url)
    connection = amqp.Connection(
        host=f"{url.hostname}:{url.port or DEFAULT_PORTS[url.scheme]}",
        # Only with a name is it compared with the certificate's (N21).
        ssl={"server_hostname": url.hostname} if url.scheme == "amqps" else False,
        userid=unquote(url.username or ""),
        password=unquote(url.password or ""),
        virtual_host=unquote(url.path[1:]) or "/",
        connect_timeout=5,
        heartbeat=heartbeat_seconds,
        client_properties={"connection_name": name},
    )
    try:
        connection.connect()
    except amqp.ChannelError as error:
        # py-amqp's name for a refused login; nothing that is sent would be at fault.
        raise ConnectionRefusedError(
            f"The broker does not let us in: {error.reply_code}"
        ) from error
    return connection


class Publisher:
    """One connection that publishes batches and knows which of them the broker has."""

    def __init__(self, connection: amqp.Connection) -> None:
        self._connection = connection
        self._channel = connection.channel()
        self._channel.confirm_select()
        self._next_tag = 1
        self._waiting: dict[int, str] = {}
        self._refused: dict[str, str] = {}
        for event, listener in (
            ("basic_ack", self._confirmed),
            ("basic_nack", self._not_taken),
            ("basic_return", self._returned),
        ):
            self._channel.events[event].add(listener)

    def publish(
        self, messages: Sequence[Outgoing], *, timeout_seconds: float = 5
    ) -> dict[str, str]:
        """Publish all, wait for every answer, and return why some were not taken.

        The value is ``nack`` where the broker could not take the message now, or its words
        (``NO_ROUTE``) where no queue is bound. What is not in the answer is confirmed.

        Raises:
            TimeoutError, OSError or amqp.AMQPError: the outcome of the batch is unknown.
        """
        self._refused = {}
        for message in messages:
            self._waiting[self._next_tag] = message.message_id
            self._next_tag += 1
            self._channel._basic_publish(  # noqa: SLF001 - basic_publish would wait each time
                amqp.Message(
                    message.body,
                    message_id=message.message_id,
                    content_type=message.content_type,
                    delivery_mode=2,
                ),
                message.exchange,
                message.routing_key,
                mandatory=True,
            )
        crash.point("publisher.sent")
        give_up_at = time.monotonic() + timeout_seconds
        while self._waiting:
            left = give_up_at - time.monotonic()
            if left <= 0:
                raise TimeoutError("The broker did not confirm in time.")
            self._connection.drain_events(timeout=left)
        return self._refused

    def keep_alive(self) -> None:
        """Answer heartbeats; call it at least every few seconds when idle.

        Raises:
            OSError or amqp.AMQPError: the connection is lost.
        """
        try:
            self._connection.drain_events(timeout=0.001)
        except TimeoutError:
            self._connection.heartbeat_tick()

    def close(self) -> None:
        """Leave the broker; one that takes nothing more is not waited for."""
        if self._connection.connected:
            in_time = self._connection.transport.having_timeout(CLOSE_WITHIN_SECONDS)
            with suppress(OSError, amqp.AMQPError), in_time:
                self._connection.close()
        self._connection.collect()

    def _settle(self, tag: int, *, multiple: bool) -> list[str]:
        tags = [known for known in self._waiting if known <= tag] if multiple else [tag]
        return [self._waiting.pop(known) for known in tags if known in self._waiting]

    def _confirmed(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple=multiple)

    def _not_taken(self, tag: int, multiple: bool) -> None:
        self._refused |= dict.fromkeys(self._settle(tag, multiple=multiple), "nack")

    def _returned(self, error: Any, _exchange: str, _routing_key: str, message: Any) -> None:
        """Note a return; it comes before the confirm of the same message."""
        self._refused[message.properties["message_id"]] = error.reply_text
