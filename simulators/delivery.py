"""Sending events to a listener: at once, several at a time, and again until it says yes."""

import heapq
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from threading import Condition, Thread

import requests

from simulators.faults import Faults, Rule
from simulators.log import Log
from simulators.resets import post_and_reset

BACKOFF_SECONDS = (0.2, 1.0, 5.0, 30.0)  # the last one repeats
ATTEMPTS = 10
TIMEOUT_SECONDS = 5.0
SENDERS = 4

Sign = Callable[[bytes], Mapping[str, str]]
Forge = Callable[[str | None, bytes], Mapping[str, str]]  # with the fault's variant


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One event on its way to one address."""

    url: str
    event_id: str
    event_type: str
    body: bytes
    sign: Sign  # the headers for a body, made at each sending: a signature holds the time
    forge: Forge | None = None  # the headers for a body that is signed wrongly
    card: str | None = None
    attempts: int = 0
    most_attempts: int | None = None  # fewer than the sender's own

    def forged(self, variant: str | None) -> Mapping[str, str]:
        if self.forge is None:
            return self.sign(b"another body")
        return self.forge(variant, self.body)


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
        self._held_back: list[Delivery] = []  # until another one has arrived
        self._arrived: set[str] = set()  # ids of events
        self._numbers = count()
        self._changed = Condition()
        self._under_way = 0
        self._is_closed = False
        for number in range(SENDERS):
            Thread(target=self._work, name=f"sender-{number}", daemon=True).start()

    def send(self, delivery: Delivery) -> None:
        """Hand over an event. Faults that lose, double or delay it happen here."""
        if self._take("drop_event", delivery):
            self._note("event_dropped", delivery)
            return
        copies = 2 if self._take("duplicate_event", delivery) else 1
        delay = self._take("delay_event", delivery)
        if self._take("reorder_event", delivery):
            self._note("event_held_back", delivery)
            for _ in range(copies):
                self.hold_back(replace(delivery))
            return
        for _ in range(copies):
            self._put(replace(delivery), after_seconds=delay.seconds if delay else 0.0)

    def hold_back(self, delivery: Delivery) -> None:
        """Send it when another one has arrived."""
        with self._changed:
            self._held_back.append(delivery)

    def waiting(self) -> int:
        """Count what is on its way or held back."""
        with self._changed:
            return len(self._due) + len(self._held_back) + self._under_way

    def has_arrived(self, event_id: str) -> bool:
        """Whether the listener has taken an event, at least once."""
        with self._changed:
            return event_id in self._arrived

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
                    self._under_way += 1
                    return heapq.heappop(self._due)[2]
                self._changed.wait(timeout=wait_seconds)
        return None

    def _work(self) -> None:
        with requests.Session() as session:
            session.trust_env = False  # no proxy and no .netrc between simulators and us
            while (delivery := self._next()) is not None:
                try:
                    self._attempt(delivery, session=session)
                finally:
                    with self._changed:
                        self._under_way -= 1

    def _attempt(self, delivery: Delivery, *, session: requests.Session) -> None:
        delivery.attempts += 1
        forgery = self._take("bad_signature", delivery)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **(delivery.forged(forgery.variant) if forgery else delivery.sign(delivery.body)),
        }
        try:
            if self._take("reset_connection", delivery):
                post_and_reset(delivery.url, delivery.body, headers, timeout=TIMEOUT_SECONDS)
                self._try_later(delivery, outcome="reset")
                return
            status = session.post(
                delivery.url,
                data=delivery.body,
                headers=headers,
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            ).status_code
        except OSError as error:  # all of requests' own errors are
            self._try_later(delivery, outcome=type(error).__name__)
            return
        if requests.codes.ok <= status < requests.codes.multiple_choices:
            self._note("event_delivered", delivery, outcome=str(status))
            with self._changed:
                self._arrived.add(delivery.event_id)
            self._let_go()
        else:
            self._try_later(delivery, outcome=str(status))

    def _let_go(self) -> None:
        """Send what was held back until something else had arrived."""
        with self._changed:
            held_back, self._held_back = self._held_back, []
        for delivery in held_back:
            self._put(delivery, after_seconds=0.0)

    def _take(self, fault: str, delivery: Delivery) -> Rule | None:
        return self._faults.take(fault, type=delivery.event_type, card=delivery.card)

    def _try_later(self, delivery: Delivery, *, outcome: str) -> None:
        if delivery.attempts >= (delivery.most_attempts or self._attempts):
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
