"""A partner's own system, as its engineers would write it: it knows the published forms alone.

It keeps what it hears before it acknowledges it, knows a copy by its id, and finds the reply to a
message by ``causationid``. What it sends again has the same bytes. How its messages travel is its
post's business.
"""

import json
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

Message = dict[str, Any]


class NoReplyError(Exception):
    """Nobody answered in time; the same message may be sent again, with its own id."""


class NotSentError(Exception):
    """What carries the messages does not take one; perhaps it has it all the same."""


class Post(Protocol):
    """How a system's messages travel: by AMQP, or by MESH."""

    def send(self, body: bytes, *, routing_key: str, message_id: str) -> None:
        """Hand a message over, and wait until it is kept there. Raises NotSentError."""

    def listen(self, keep: Callable[[Message], None], *, until: threading.Event) -> None:
        """Keep whatever comes, and acknowledge it after that."""

    def awaited(self) -> AbstractContextManager[None]:
        """For as long as the block lasts somebody waits for an answer."""


class PartnerSystem:
    """One system of one partner: what it sends, what it was answered, what it heard."""

    def __init__(self, *, post: Post, source: str, clock: Callable[[], datetime]) -> None:
        self._post = post
        self._source = source
        self._clock = clock
        self._came = threading.Condition()
        self._kept: dict[str, Message] = {}  # by its id: a copy is kept once
        self._replies: dict[str, Message] = {}  # by the id of what is answered
        self._sent: dict[str, bytes] = {}  # by its id: a copy has the same bytes
        self._copies = 0
        self._is_stopping = threading.Event()

    def start(self) -> None:
        """Listen from now on, in a thread that ends with the process."""
        listen = {"until": self._is_stopping}
        threading.Thread(
            target=self._post.listen, args=(self._keep,), kwargs=listen, name="listen", daemon=True
        ).start()

    def stop(self) -> None:
        self._is_stopping.set()

    def ask(
        self,
        message_type: str,
        data: Message,
        *,
        message_id: str = "",
        story_id: str = "",
        within_seconds: float = 30,
    ) -> Message:
        """Send a message and return the reply to it.

        Args:
            message_type: ``referral.submit.v1``.
            data: as the published form of the type has it.
            message_id: of the first one, where this is a copy: it is sent as it was then.
            story_id: of all that belongs together with it, where there is more.
            within_seconds: when to give up.

        Raises:
            NoReplyError: nobody answered in time.
            NotSentError: what carries it does not take it.
        """
        own_id = message_id or str(uuid4())
        message = self.envelope(message_type, data, message_id=own_id, story_id=story_id)
        with self._came:
            body = self._sent.setdefault(own_id, json.dumps(message).encode())
        self._post.send(body, routing_key=message_type, message_id=own_id)
        give_up_at = time.monotonic() + within_seconds
        with self._post.awaited(), self._came:
            while own_id not in self._replies:
                left = give_up_at - time.monotonic()
                if left <= 0:
                    raise NoReplyError(own_id)
                self._came.wait(left)
            return self._replies[own_id]

    def envelope(
        self, message_type: str, data: Message, *, message_id: str, story_id: str = ""
    ) -> Message:
        """Return a message as it travels."""
        at = self._clock().astimezone(UTC)
        story = {"correlationid": story_id} if story_id else {}
        return {
            "specversion": "1.0",
            "id": message_id,
            "source": self._source,
            "type": f"uk.commonpurse.{message_type}",
            "time": at.isoformat(),
            "datacontenttype": "application/json",
            **story,
            "data": data,
        }

    def heard(self, message_type: str = "") -> list[Message]:
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

    def _keep(self, message: Message) -> None:
        with self._came:
            self._copies += message["id"] in self._kept
            self._kept[message["id"]] = message
            if _is_reply(message):
                self._replies[message["causationid"]] = message
            self._came.notify_all()


def _is_reply(message: Message) -> bool:
    return ".reply." in message["type"]
