"""Waiting for what happens in another process: until it is so, and no longer."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

Seen = TypeVar("Seen")
# No promise of ours: a process of another worker, or of somebody else, may need the machine first.
PATIENCE_SECONDS = 120.0


def eventually(look: Callable[[], Seen], *, within_seconds: float = PATIENCE_SECONDS) -> Seen:
    """Return what ``look`` returns as soon as that is true; fail when it never is."""
    give_up_at = time.monotonic() + within_seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > give_up_at:
            raise AssertionError(f"it did not happen within {within_seconds} s; last: {seen!r}")
        Event().wait(0.02)
