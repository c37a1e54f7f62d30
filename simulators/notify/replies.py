"""Texts that people send to the service, on the number that it has for replies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import dropwhile, islice
from threading import Lock
from typing import Any
from uuid import UUID

from simulators.clock import Clock
from simulators.notify.clock import as_wire

REPLY_NUMBER = "07700900999"  # of the range kept for drama
PAGE_SIZE = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedText:
    """One text from a person to the service."""

    received_id: UUID
    from_number: str  # normalised
    message: str
    received_at: datetime
    service_id: UUID

    def as_wire(self) -> dict[str, Any]:
        return {
            "id": str(self.received_id),
            "created_at": as_wire(self.received_at),
            "content": self.message,
            "notify_number": REPLY_NUMBER,
            "service_id": str(self.service_id),
            "user_number": self.from_number,
        }

    def as_callback(self) -> dict[str, Any]:
        return {
            "id": str(self.received_id),
            "source_number": self.from_number,
            "destination_number": REPLY_NUMBER,
            "message": self.message,
            "date_received": as_wire(self.received_at),
        }


class Replies:
    """The texts received, in memory, for as long as messages are kept."""

    def __init__(self, *, retention: timedelta, clock: Clock) -> None:
        self._retention = retention
        self._clock = clock
        self._lock = Lock()
        self._received: list[ReceivedText] = []

    def add(self, received: ReceivedText) -> None:
        with self._lock:
            self._received.append(received)

    def page(self, *, older_than: UUID | None) -> list[ReceivedText]:
        """List up to 250 texts, newest first. An unknown ``older_than`` finds none."""
        oldest = self._clock.utc_now() - self._retention
        with self._lock:
            found: Iterable[ReceivedText] = self._received[::-1]
        if older_than is not None:
            found = dropwhile(lambda received: received.received_id != older_than, found)
            found = islice(found, 1, None)
        kept = (received for received in found if received.received_at > oldest)
        return list(islice(kept, PAGE_SIZE))

    def from_number(self, number: str) -> list[ReceivedText]:
        """List what somebody wrote, oldest first."""
        with self._lock:
            return [received for received in self._received if received.from_number == number]
