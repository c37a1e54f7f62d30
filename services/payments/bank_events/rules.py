"""Where an event of the bank stands."""

import enum


class EventState(enum.StrEnum):
    WAITING = "waiting"
    APPLIED = "applied"
    IGNORED = "ignored"  # of a type that changes nothing here
    UNMATCHED = "unmatched"  # about an order that is none of ours: somebody has to look
    UNREADABLE = "unreadable"
