"""What to do when the database is away: hold and wait, neither drop nor spin."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from shared.database import is_away, sqlstate

Result = TypeVar("Result")

IMMEDIATE_TRIES = 3
# Serialisation failure, deadlock, and a row that somebody else inserted at the same moment.
_TRY_AT_ONCE = ("40001", "40P01", "23505")

log = structlog.get_logger()


def pause_seconds(failures: int) -> float:
    """Return how long to wait after so many failures in a row: longer each time, to five seconds.

    With jitter, so that those who failed together do not all come back together.
    """
    return min(5.0, 0.2 * 2 ** min(failures, 5)) * random.uniform(0.5, 1)  # noqa: S311  # nosec B311  # a delay, no secret


def again_at_once(attempt: Callable[[], Result]) -> Result:
    """Return what ``attempt`` returns, tried again where that may help and somebody waits.

    Once if its connection proves to be cut: a pool hands out what broke while it lay there, and
    what came first finds that out for all. A few times after a conflict with somebody else. What
    has waited for a lock or for a connection is not made to wait as long once more.
    """
    is_cut_known, conflicts = False, 0
    while True:
        try:
            return attempt()
        except DBAPIError as error:
            if error.connection_invalidated and not is_cut_known:
                is_cut_known = True
            elif sqlstate(error) in _TRY_AT_ONCE and conflicts < IMMEDIATE_TRIES:
                conflicts += 1
            else:
                raise


def holding(attempt: Callable[[], Result], *, is_stopping: Callable[[], bool]) -> Result:
    """Return what ``attempt`` returns, waiting for as long as the database is away.

    Serialisation failures, deadlocks and lost races to insert a row are tried again at once.
    Whatever else ``attempt`` raises goes through, and so does a database that is away once the
    process is stopping.
    """
    waits = 0
    conflicts = 0
    while True:
        try:
            return attempt()
        except (DBAPIError, PoolTimeoutError) as error:
            if sqlstate(error) in _TRY_AT_ONCE and conflicts < IMMEDIATE_TRIES:
                conflicts += 1
            elif is_away(error) and not is_stopping():
                waits += 1
                if waits == 1:
                    log.warning("database_away", exc_info=True)
                time.sleep(pause_seconds(waits))
            else:
                raise
