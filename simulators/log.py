"""What happened in a simulator, in order."""

import time
from collections import deque
from itertools import count
from threading import Lock
from typing import Any

KEPT_ENTRIES = 10_000


class Log:
    """The last ten thousand things that happened, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT_ENTRIES)
        self._numbers = count(1)
        self._lock = Lock()

    def write(self, what: str, **details: str | float | bool | None) -> None:
        with self._lock:
            entry = {"number": next(self._numbers), "at": time.time(), "what": what, **details}
            self._entries.append(entry)

    def entries(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._entries)
