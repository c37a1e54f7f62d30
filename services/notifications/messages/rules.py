"""Where a message is on its way, and how days are put into words."""

import enum
from datetime import date, timedelta


class MessageState(enum.StrEnum):
    """Where a message is. What becomes of its deliveries moves it; the last four are ends."""

    WAITING = "waiting"  # a delivery of it is to be sent
    HELD = "held"  # it may not be sent now; there is a reason
    ACCEPTED = "accepted"  # a provider has it
    SUPPRESSED = "suppressed"  # nobody is to be told
    CANCELLED = "cancelled"  # somebody took it back before a provider had it
    FAILED = "failed"  # no channel reached the person: somebody has to tell them
    DELIVERED = "delivered"  # the truth, even if we had given it up before we heard of it


LOOKED_FOR_AGAIN_AFTER = timedelta(days=1)  # a colleague who is not known yet
# Waits for its time, or for somebody: it may yet be said.
OPEN = frozenset({MessageState.HELD, MessageState.FAILED})


class DeliveryState(enum.StrEnum):
    """Where a message by one channel is. It only ever moves down this list."""

    READY = "ready"
    WITHDRAWN = "withdrawn"  # before a provider had it
    ACCEPTED = "accepted"
    FAILED = "failed"
    DELIVERED = "delivered"


def day_in_words(day: date) -> str:
    """Return ``3 March 2026``."""
    return f"{day.day} {day:%B %Y}"


def is_later(state: DeliveryState, *, than: DeliveryState) -> bool:
    """Tell whether ``state`` goes beyond ``than``, so that any order of news ends the same."""
    order = list(DeliveryState)
    return order.index(state) > order.index(than)
