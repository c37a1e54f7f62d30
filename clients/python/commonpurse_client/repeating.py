"""When a call is sent once more, and after how long. Nothing else is repeated."""

import email.utils
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import requests

from .problems import ProblemError

BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
# What is answered otherwise in a moment, with the status it is told by.
MAY_COME = {"not_known_yet": HTTPStatus.NOT_FOUND, "in_progress": HTTPStatus.CONFLICT}
MAY_COME_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 8.0
# Where nobody knows whether the call arrived. A certificate that is wrong stays wrong.
NO_ANSWER = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time, and waiting for it; a test has its own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    unix: Callable[[], float] = time.time


def pause_after(problem: ProblemError, headers: Mapping[str, str], *, unix: float) -> float | None:
    """Return for how many seconds to wait before it is sent again; None: never again."""
    asked = _retry_after(headers, unix=unix)
    if problem.status == MAY_COME.get(problem.code):
        return MAY_COME_SECONDS if asked is None else asked
    return asked if problem.status in BUSY else None


def pause_without_answer(tries: int) -> float:
    """Return for how many seconds to wait after so many tries, at random within twice as many.

    So clients that lost the gateway at the same moment do not all come back at one.
    """
    longest = min(FIRST_PAUSE_SECONDS * 2**tries, LONGEST_PAUSE_SECONDS)
    return longest * (0.5 + random.random() / 2)  # noqa: S311  # nosec B311  # a delay, no secret


def _retry_after(headers: Mapping[str, str], *, unix: float) -> float | None:
    """Return what the header asks for: seconds, or a date; None: nothing that can be read."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(told).timestamp() - unix)
    except (ValueError, OverflowError):
        return None
