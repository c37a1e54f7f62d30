"""Waiting for something to become true, with an end to the patience."""

import time
from collections.abc import Callable

PAUSE_SECONDS = 0.05


def wait_until(is_true: Callable[[], bool], *, patience_seconds: float) -> bool:
    """Ask again and again; whether it became true before the patience ran out."""
    give_up_at = time.monotonic() + patience_seconds
    while not is_true():
        if time.monotonic() >= give_up_at:
            return False
        time.sleep(PAUSE_SECONDS)
    return True
