"""A simulator's time: the system's, moved on by whoever plays with it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

KNOWN = {"advance_seconds", "skew_seconds"}


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

    def obey(self, asked: object) -> None:
        """Do what the JSON body of a control route asks for.

        Raises:
            ValueError: it asks for something else, or to go back.
        """
        if not isinstance(asked, dict) or not asked or asked.keys() - KNOWN:
            raise ValueError("Say advance_seconds, skew_seconds or both.")
        advance, skew = asked.get("advance_seconds", 0), asked.get("skew_seconds", 0)
        if {type(advance), type(skew)} - {int, float} or advance < 0:
            raise ValueError("Both are numbers, and time does not go back.")
        if "skew_seconds" in asked:
            self._skew_seconds = skew
        self.advance(advance)

    def as_wire(self) -> dict[str, str | float | None]:
        return {
            "now": self.utc_now().isoformat(),
            "ahead_seconds": self._ahead_seconds,
            "skew_seconds": self._skew_seconds,
        }
