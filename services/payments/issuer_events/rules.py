"""What of an issuer's event may be kept."""

import enum
from typing import Any

from services.payments.card_numbers import without_card_numbers

NEVER_KEPT = frozenset({"number", "cvc", "cvv", "pan"})  # the card's own secrets
NOT_NEEDED = frozenset({"cardholder"})  # name, address, e-mail and phone of a broker


class IssuerName(enum.StrEnum):
    """Who issues the cards, by the form in which it speaks."""

    STRIPE = "stripe"
    LITHIC = "lithic"


class EventState(enum.StrEnum):
    WAITING = "waiting"
    APPLIED = "applied"
    IGNORED = "ignored"  # of a type that changes nothing here
    UNMATCHED = "unmatched"  # about a card that is none of ours: somebody has to look
    UNREADABLE = "unreadable"  # of a type we use, in a form we do not know: the same


def scrubbed(document: Any) -> Any:
    """Return a document without what identifies a card or its holder, wherever it is in it.

    Neither under the names that the issuer has for it, nor in what a shop or anybody else wrote
    into a name or metadata.
    """
    return without_card_numbers(_without_names(document))


def _without_names(document: Any) -> Any:
    if isinstance(document, dict):
        return {
            name: _without_names(value)
            for name, value in document.items()
            if name.lower() not in NEVER_KEPT | NOT_NEEDED
        }
    if isinstance(document, list):
        return [_without_names(value) for value in document]
    return document
