"""What to do when the database is away: hold and wait, neither drop nor spin."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

Result = TypeVar("Result")

IMMEDIATE_TRIES = 3
# Connection lost, out of resources, the server is going or starting, or is a standby for now.
_AWAY = ("08", "53", "57P", "25006")
# Serialisation failure, deadlock, and a row that somebody else inserted at the same moment.
_TRY_AT_ONCE = ("40001", "40P01", "23505")

log = structlog.get_logger()


def sqlstate(error: BaseException) -> str | None:
    """Return PostgreSQL's code for ``error``, if it gave one."""
    return getattr(getattr(error, "orig", None), "pgcode", None)


def is_away(error: BaseException) -> bool:
    """Tell whether ``error`` says that the database cannot be asked now."""
    if isinstance(error, InterfaceError | PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = sqlstate(error)
    if state is None:
        return error.connection_invalidated or type(error).__name__ == "OperationalError"
    return state.startswith(_AWAY)


def pause_seconds(failures: int) -> float:
    """Return how long to wait after so many failures in a row: longer each time, to five seconds.

    With jitter, so that those who failed together do not all come back together.
    """
    return min(5.0, 0.2 * 2 ** min(failures, 5)) * random.uniform(0.5, 1)  # noqa: S311


def again_if_cut(attempt: Callable[[], Result]) -> Result:
    """Return what ``attempt`` returns, made a second time if its connection proves to be cut.

    A pool hands out what broke while it lay there; what came first finds that out for all.
    """
    try:
        return attempt()
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    return attempt()


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
