"""What happened lately, for ``GET /_sim/log``. Ids only: never a name, number or address."""

from collections import deque
from threading import Lock
from typing import Any

from simulators.clock import Clock
from simulators.notify.clock import as_wire

LONGEST_LOG = 2_000


class ActivityLog:
    """The last 2,000 requests, faults and callbacks, oldest first."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._entries: deque[dict[str, Any]] = deque(maxlen=LONGEST_LOG)

    def add(self, event: str, **details: str | int | None) -> None:
        with self._lock:
            self._entries.append({"at": as_wire(self._clock.utc_now()), "event": event, **details})

    def as_wire(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._entries)
