"""Asking at fixed times over HTTP connections that are kept open."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

WAITING = 32  # on their way at once; as many as the rate leaves unanswered
PATIENCE_SECONDS = 120
_CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


def times_ms(
    ask: Callable[[int], object], *, rate: float, seconds: float, warm_up_seconds: float = 0
) -> list[float]:
    """Ask at each scheduled time, whoever still waits; return the times in milliseconds.

    Each is counted from when it was to be asked, so that whoever waits for a free hand waits too.
    What is asked to warm up, first and by the same hands, bears numbers below 0 and is not counted.
    """
    not_counted = round(rate * warm_up_seconds)
    begins_at = time.monotonic() + 1 + warm_up_seconds
    with ThreadPoolExecutor(WAITING) as waiting:

        def one(number: int) -> float:
            scheduled_at = begins_at + number / rate
            time.sleep(max(0.0, scheduled_at - time.monotonic()))
            ask(number)
            return (time.monotonic() - scheduled_at) * 1000

        numbers = range(-not_counted, round(rate * seconds))
        return list(waiting.map(one, numbers))[not_counted:]


class KeptOpen:
    """Speaks HTTP to one server; each thread keeps a connection of its own open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port
        self._own = threading.local()

    def ask(
        self, method: str, path: str, *, body: str | None = None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """Return the status and the body; what was idle for long may have been closed."""
        if not hasattr(self._own, "connection"):
            self._own.connection = http.client.HTTPConnection(
                self._host, self._port, timeout=PATIENCE_SECONDS
            )
        try:
            return self._asked(method, path, body, headers)
        except _CLOSED:
            self._own.connection.close()  # the next request opens it again
            return self._asked(method, path, body, headers)

    def _asked(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        connection: http.client.HTTPConnection = self._own.connection
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
