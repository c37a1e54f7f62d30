"""What of an issuer's event may be kept."""

import enum
from typing import Any

NEVER_KEPT = frozenset({"number", "cvc", "cvv", "pan"})


class EventState(enum.StrEnum):
    WAITING = "waiting"
    APPLIED = "applied"
    IGNORED = "ignored"  # of a type that changes nothing here
    UNMATCHED = "unmatched"  # about a card that is none of ours: somebody has to look
    UNREADABLE = "unreadable"  # of a type we use, in a form we do not know: the same


def scrubbed(document: Any) -> Any:
    """Return a document without card numbers and security codes, wherever they are in it."""
    if isinstance(document, dict):
        return {
            name: scrubbed(value)
            for name, value in document.items()
            if name.lower() not in NEVER_KEPT
        }
    if isinstance(document, list):
        return [scrubbed(value) for value in document]
    return document
