"""Sending events to a listener: at once, several at a time, and again until it says yes."""

import heapq
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from threading import Condition, Thread

import requests

from simulators.faults import Faults
from simulators.log import Log

BACKOFF_SECONDS = (0.2, 1.0, 5.0, 30.0)  # the last one repeats
ATTEMPTS = 10
TIMEOUT_SECONDS = 5.0
SENDERS = 4

Sign = Callable[[bytes], Mapping[str, str]]


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One event on its way to one address."""

    url: str
    event_id: str
    event_type: str
    body: bytes
    sign: Sign  # the headers for a body, made at each sending: a signature holds the time
    attempts: int = 0


class Sender:
    """Threads that send what is due. Nothing promises an order."""

    def __init__(
        self,
        *,
        faults: Faults,
        log: Log,
        attempts: int = ATTEMPTS,
        backoff_seconds: Sequence[float] = BACKOFF_SECONDS,
    ) -> None:
        self._faults = faults
        self._log = log
        self._attempts = attempts
        self._backoff_seconds = backoff_seconds
        self._due: list[tuple[float, int, Delivery]] = []  # a heap: when, tie-breaker, what
        self._numbers = count()
        self._changed = Condition()
        self._is_closed = False
        for number in range(SENDERS):
            Thread(target=self._work, name=f"sender-{number}", daemon=True).start()

    def send(self, delivery: Delivery) -> None:
        """Hand over an event. Faults that lose, double or delay it happen here."""
        event_type = delivery.event_type
        if self._faults.take("drop_event", type=event_type):
            self._note("event_dropped", delivery)
            return
        copies = 2 if self._faults.take("duplicate_event", type=event_type) else 1
        delay = self._faults.take("delay_event", type=event_type)
        for _ in range(copies):
            self._put(
                Delivery(
                    url=delivery.url,
                    event_id=delivery.event_id,
                    event_type=event_type,
                    body=delivery.body,
                    sign=delivery.sign,
                ),
                after_seconds=delay.seconds if delay else 0.0,
            )

    def close(self) -> None:
        """Stop the threads; what is not yet sent is lost."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _put(self, delivery: Delivery, *, after_seconds: float) -> None:
        with self._changed:
            due_at = time.monotonic() + after_seconds
            heapq.heappush(self._due, (due_at, next(self._numbers), delivery))
            self._changed.notify()

    def _next(self) -> Delivery | None:
        """Wait for what is due. None: closed."""
        with self._changed:
            while not self._is_closed:
                wait_seconds = self._due[0][0] - time.monotonic() if self._due else None
                if wait_seconds is not None and wait_seconds <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(timeout=wait_seconds)
        return None

    def _work(self) -> None:
        with requests.Session() as session:
            session.trust_env = False  # no proxy and no .netrc between simulators and us
            while (delivery := self._next()) is not None:
                self._attempt(delivery, session=session)

    def _attempt(self, delivery: Delivery, *, session: requests.Session) -> None:
        delivery.attempts += 1
        is_forged = self._faults.take("bad_signature", type=delivery.event_type) is not None
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **delivery.sign(b"another body" if is_forged else delivery.body),
        }
        try:
            status = session.post(
                delivery.url,
                data=delivery.body,
                headers=headers,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            ).status_code
        except requests.RequestException as error:
            self._try_later(delivery, outcome=type(error).__name__)
            return
        if requests.codes.ok <= status < requests.codes.multiple_choices:
            self._note("event_delivered", delivery, outcome=str(status))
        else:
            self._try_later(delivery, outcome=str(status))

    def _try_later(self, delivery: Delivery, *, outcome: str) -> None:
        if delivery.attempts >= self._attempts:
            self._note("event_given_up", delivery, outcome=outcome)
            return
        self._note("event_not_delivered", delivery, outcome=outcome)
        turn = min(delivery.attempts, len(self._backoff_seconds)) - 1
        self._put(delivery, after_seconds=self._backoff_seconds[turn])

    def _note(self, what: str, delivery: Delivery, *, outcome: str | None = None) -> None:
        self._log.write(
            what,
            event_id=delivery.event_id,
            event_type=delivery.event_type,
            attempt=delivery.attempts,
            outcome=outcome,
        )
