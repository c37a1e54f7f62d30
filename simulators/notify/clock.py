"""The simulator's time: the system's, moved on by whoever plays with it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

WIRE_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Clock:
    """Time that can be moved on, so that nobody waits for a retry or for midnight.

    Tokens are judged by the system's time plus a skew of their own: a test that moves the
    simulator to next week would otherwise be refused for its tokens' age.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._ahead_seconds = 0.0
        self._skew_seconds = 0.0
        self._woken: list[Callable[[], None]] = []

    def utc_now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._ahead_seconds, tz=UTC)

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead_seconds

    def token_seconds(self) -> float:
        """Return the time, in epoch seconds, by which a token's age is judged."""
        return time.time() + self._skew_seconds

    def when_moved(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` each time the clock is moved on."""
        self._woken.append(wake)

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._ahead_seconds += seconds
        for wake in self._woken:
            wake()

    def skew(self, seconds: float) -> None:
        self._skew_seconds = seconds

    def as_wire(self) -> dict[str, str | float | None]:
        return {
            "now": as_wire(self.utc_now()),
            "ahead_seconds": self._ahead_seconds,
            "skew_seconds": self._skew_seconds,
        }


def as_wire(moment: datetime | None) -> str | None:
    """Write a moment as Notify does, in UTC with microseconds and a ``Z``."""
    return moment.strftime(WIRE_FORMAT) if moment else None
