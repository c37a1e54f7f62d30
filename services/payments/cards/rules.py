"""What a card can become, and what is asked of it."""

import enum
from uuid import UUID, uuid5

from shared.errors import NotFoundError, Refusal


class CardState(enum.StrEnum):
    """Whether anything is approved on a card. Captures and refunds can come in every state."""

    ACTIVE = "active"
    FROZEN = "frozen"  # for now
    CLOSED = "closed"
    REPLACED = "replaced"  # lost or stolen


class Loss(enum.StrEnum):
    """Why a card is replaced."""

    LOST = "lost"
    STOLEN = "stolen"


IN_USE = (CardState.ACTIVE, CardState.FROZEN)


class NoCardError(NotFoundError):
    """There is no such card."""

    code = "unknown_card"


class CardOverError(Refusal):
    """The card is closed, or another took its place."""

    code = "card_over"
    next_step = "Ask for a new purchase; it gets a card of its own."


def holder_reference(holder_id: UUID) -> UUID:
    """Return by what the issuer knows a holder of cards: none of our ids of people goes out."""
    return uuid5(holder_id, "cardholder")


def check_change(state: CardState) -> None:
    """See that a card can still be frozen, unfrozen, replaced or closed.

    Raises:
        CardOverError: it cannot.
    """
    if state not in IN_USE:
        raise CardOverError("This card is not in use any more.")
