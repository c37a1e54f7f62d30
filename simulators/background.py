"""Work done by threads, at once or after a delay."""

import heapq
import logging
from collections.abc import Callable
from itertools import count
from threading import Condition, Thread
from typing import Generic, TypeVar

from simulators.clock import Clock

logger = logging.getLogger(__name__)

Item = TypeVar("Item")


class Background(Generic[Item]):
    """Does ``work`` on each item, on a few threads, the earliest due first.

    The threads start with the first item, so in the process that serves and not in one
    that has yet to fork. Items that wait are lost when the program ends.
    """

    def __init__(
        self, *, name: str, threads: int, work: Callable[[Item], None], clock: Clock
    ) -> None:
        self._name = name
        self._threads = threads
        self._work = work
        self._clock = clock
        self._changed = Condition()
        self._due: list[tuple[float, int, Item]] = []
        self._order = count()
        self._has_started = False
        clock.when_moved(self._wake)

    def put(self, item: Item, *, delay_seconds: float = 0) -> None:
        with self._changed:
            due_at = self._clock.monotonic() + delay_seconds
            heapq.heappush(self._due, (due_at, next(self._order), item))
            self._start()
            self._changed.notify()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _start(self) -> None:
        if self._has_started:
            return
        self._has_started = True
        for number in range(self._threads):
            Thread(target=self._run, name=f"{self._name}-{number}", daemon=True).start()

    def _run(self) -> None:
        while True:
            item = self._next()
            try:
                self._work(item)
            except Exception:
                logger.exception("%s failed", self._name)

    def _next(self) -> Item:
        with self._changed:
            while True:
                now = self._clock.monotonic()
                if self._due and self._due[0][0] <= now:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(self._due[0][0] - now if self._due else None)
