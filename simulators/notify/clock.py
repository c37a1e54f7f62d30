"""How Notify writes the time."""

from datetime import datetime

WIRE_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def as_wire(moment: datetime | None) -> str | None:
    """Write a moment as Notify does, in UTC with microseconds and a ``Z``."""
    return moment.strftime(WIRE_FORMAT) if moment else None
