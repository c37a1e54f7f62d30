"""When books are open."""

import enum


class PeriodState(enum.StrEnum):
    OPEN = "open"
    CLOSING = "closing"  # nothing new, but what says why it is late
    CLOSED = "closed"
