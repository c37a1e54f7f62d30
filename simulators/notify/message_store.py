"""The messages, in memory, behind one lock."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import dropwhile, islice, takewhile
from threading import Lock
from typing import Any
from uuid import UUID

from simulators.clock import Clock
from simulators.notify.keys import KeyType
from simulators.notify.messages import Message, Status
from simulators.notify.templates import Channel

PAGE_SIZE = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a query asks for. Nothing set means everything that this type of key sent."""

    key_type: KeyType
    reference: str | None = None
    statuses: Collection[Status] = ()
    channel: Channel | None = None
    older_than: UUID | None = None

    def includes(self, message: Message) -> bool:
        return (
            message.key_type is self.key_type
            and (not self.statuses or message.status in self.statuses)
            and (self.channel is None or message.channel is self.channel)
        )


class MessageStore:
    """Keeps messages; the API forgets them after their retention, those who got them do not.

    References need not be unique.
    """

    def __init__(self, *, retention: timedelta, clock: Clock) -> None:
        self._retention = retention
        self._clock = clock
        self._lock = Lock()
        self._messages: dict[UUID, Message] = {}
        self._ids_by_reference: defaultdict[str, list[UUID]] = defaultdict(list)

    def add(self, message: Message) -> None:
        with self._lock:
            self._messages[message.message_id] = message
            if message.reference is not None:
                self._ids_by_reference[message.reference].append(message.message_id)

    def change(self, message_id: UUID, **changes: Any) -> Message:
        """Set some of a message's fields and hand back what it is now."""
        with self._lock:
            message = replace(self._messages[message_id], **changes)
            self._messages[message_id] = message
            return message

    def get(self, message_id: UUID) -> Message | None:
        with self._lock:
            message = self._messages.get(message_id)
        return message if message and self._is_kept(message) else None

    def page(self, wanted: Wanted) -> list[Message]:
        """List up to 250 messages, newest first. An unknown ``older_than`` finds none."""
        with self._lock:
            found: Iterable[Message] = self._newest_first(wanted.reference)
            if wanted.older_than is not None:
                marker = wanted.older_than
                found = dropwhile(lambda message: message.message_id != marker, found)
                found = islice(found, 1, None)
            kept = takewhile(self._is_kept, found)  # what is older than one forgotten is too
            return list(islice(filter(wanted.includes, kept), PAGE_SIZE))

    def oldest_first(self, *, reference: str | None = None) -> list[Message]:
        with self._lock:
            return list(self._newest_first(reference))[::-1]

    def received(self, message_id: UUID) -> Message | None:
        """Find a message as whoever got it has it, without an end to its keeping."""
        with self._lock:
            return self._messages.get(message_id)

    def _is_kept(self, message: Message) -> bool:
        return self._clock.utc_now() - message.created_at < self._retention

    def _newest_first(self, reference: str | None) -> Iterator[Message]:
        if reference is None:
            return reversed(self._messages.values())
        ids = self._ids_by_reference.get(reference, [])
        return (self._messages[message_id] for message_id in reversed(ids))
