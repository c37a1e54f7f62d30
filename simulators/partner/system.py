"""A partner's own system, as its engineers would write it: plain pika, and the published forms.

It keeps what it hears before it acknowledges it, knows a copy by its id, and finds the reply to a
message by ``causationid``. It sends from whichever thread asks, each with a connection of its own.
"""

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pika
import pika.exceptions

CONTENT_TYPE = "application/cloudevents+json"
PAUSE_AFTER_FAULT_SECONDS = 1.0
LISTENS_FOR_SECONDS = 0.5


class NoReplyError(Exception):
    """Nobody answered in time; the same message may be sent again, with its own id."""


class PartnerSystem:
    """One system of one partner: what it sends, what it was answered, what it heard."""

    def __init__(self, *, broker_url: str, source: str, clock: Callable[[], datetime]) -> None:
        self._parameters = pika.URLParameters(broker_url)
        self._source = source
        self._clock = clock
        self._came = threading.Condition()
        self._kept: dict[str, dict[str, Any]] = {}  # by its id: a copy is kept once
        self._replies: dict[str, dict[str, Any]] = {}  # by the id of what is answered
        self._copies = 0
        self._is_stopping = threading.Event()

    def start(self) -> None:
        """Listen from now on, in a thread that ends with the process."""
        threading.Thread(target=self._listen, name="listen", daemon=True).start()

    def stop(self) -> None:
        self._is_stopping.set()

    def ask(
        self,
        message_type: str,
        data: dict[str, Any],
        *,
        message_id: str = "",
        within_seconds: float = 30,
    ) -> dict[str, Any]:
        """Send a message and return the reply to it.

        Args:
            message_type: ``referral.submit.v1``.
            data: as the published form of the type has it.
            message_id: of the first one, where this is a copy.
            within_seconds: when to give up.

        Raises:
            NoReplyError: nobody answered in time.
            pika.exceptions.AMQPError: the broker does not take it.
        """
        own_id = message_id or str(uuid4())
        self.send(self.envelope(message_type, data, message_id=own_id), message_type)
        give_up_at = time.monotonic() + within_seconds
        with self._came:
            while own_id not in self._replies:
                left = give_up_at - time.monotonic()
                if left <= 0:
                    raise NoReplyError(own_id)
                self._came.wait(left)
            return self._replies[own_id]

    def envelope(
        self, message_type: str, data: dict[str, Any], *, message_id: str
    ) -> dict[str, Any]:
        """Return a message as it travels."""
        at = self._clock().astimezone(UTC)
        return {
            "specversion": "1.0",
            "id": message_id,
            "source": self._source,
            "type": f"uk.commonpurse.{message_type}",
            "time": at.isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }

    def send(self, message: dict[str, Any] | bytes, routing_key: str) -> None:
        """Publish a message, whatever it is, and wait until the broker has it."""
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        properties = pika.BasicProperties(content_type=CONTENT_TYPE, delivery_mode=2)
        with pika.BlockingConnection(self._parameters) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            channel.basic_publish("in", routing_key, body, properties, mandatory=True)

    def heard(self, message_type: str = "") -> list[dict[str, Any]]:
        """Return the events it heard, in the order in which they came."""
        wanted = f"uk.commonpurse.{message_type}"
        with self._came:
            return [
                one
                for one in self._kept.values()
                if not _is_reply(one) and (not message_type or one["type"] == wanted)
            ]

    def counts(self) -> dict[str, int]:
        with self._came:
            replies = sum(map(_is_reply, self._kept.values()))
            return {"replies": replies, "events": len(self._kept) - replies, "copies": self._copies}

    def _listen(self) -> None:
        while not self._is_stopping.is_set():
            try:
                with pika.BlockingConnection(self._parameters) as connection:
                    self._take(connection.channel())
            except (pika.exceptions.AMQPError, OSError):
                self._is_stopping.wait(PAUSE_AFTER_FAULT_SECONDS)

    def _take(self, channel: Any) -> None:
        channel.basic_qos(prefetch_count=50)
        for method, _, body in channel.consume("out", inactivity_timeout=LISTENS_FOR_SECONDS):
            if self._is_stopping.is_set():
                return
            if method is not None:
                self._keep(json.loads(body))
                channel.basic_ack(method.delivery_tag)

    def _keep(self, message: dict[str, Any]) -> None:
        with self._came:
            self._copies += message["id"] in self._kept
            self._kept[message["id"]] = message
            if _is_reply(message):
                self._replies[message["causationid"]] = message
            self._came.notify_all()


def _is_reply(message: dict[str, Any]) -> bool:
    return ".reply." in message["type"]
