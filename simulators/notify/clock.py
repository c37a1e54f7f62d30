"""The only place here that asks the system for the time."""

import time
from datetime import UTC, datetime

WIRE_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def epoch_seconds() -> float:
    return time.time()


def utc_now() -> datetime:
    return datetime.fromtimestamp(time.time(), tz=UTC)


def as_wire(moment: datetime | None) -> str | None:
    """Write a moment as Notify does, in UTC with microseconds and a ``Z``."""
    return moment.strftime(WIRE_FORMAT) if moment else None
