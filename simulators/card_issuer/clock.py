"""The issuer's time: the real one, or ahead of it by as much as somebody wound it on."""

import re
import time
from datetime import UTC, datetime
from threading import Lock

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
DAY_SECONDS = SECONDS["d"]


class Clock:
    """Everything but signatures holds this time: whoever checks a signature has the real one."""

    def __init__(self) -> None:
        self._ahead_seconds = 0.0
        self._lock = Lock()

    def now(self) -> float:
        return time.time() + self._ahead_seconds

    def seconds(self) -> int:
        return int(self.now())

    def day(self) -> str:
        return day_of(self.seconds())

    def set(self, unix_seconds: float) -> None:
        """Go on from this time.

        Raises:
            ValueError: it lies in the issuer's past.
        """
        with self._lock:
            if unix_seconds < self.now() - 1:
                raise ValueError("The clock goes forwards only.")
            self._ahead_seconds = unix_seconds - time.time()

    def advance(self, seconds: float) -> None:
        """Go on by so much.

        Raises:
            ValueError: less than nothing.
        """
        if seconds < 0:
            raise ValueError("The clock goes forwards only.")
        with self._lock:
            self._ahead_seconds += seconds


def day_of(unix_seconds: int) -> str:
    return datetime.fromtimestamp(unix_seconds, tz=UTC).date().isoformat()


def duration_seconds(text: str) -> int:
    """Read a length of time: ``90s``, ``36h``, ``2d 4h``.

    Raises:
        ValueError: it is none.
    """
    parts = re.fullmatch(r"\s*(?:\d+\s*[smhd]\s*)+", text)
    if parts is None:
        raise ValueError(f"{text!r} is no length of time such as 90s, 36h or 2d 4h.")
    found = re.findall(r"(\d+)\s*([smhd])", text)
    return sum(int(number) * SECONDS[unit] for number, unit in found)
