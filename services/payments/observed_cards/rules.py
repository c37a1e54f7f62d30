"""When a card can be looked on."""

from shared.errors import Refusal


class CardKnownError(Refusal):
    """The card was issued here, or is looked on already."""

    code = "card_known"
    next_step = "Look the card up; one that was issued here needs no registering."


def check_card(*, is_ours: bool, is_observed: bool) -> None:
    """See that a card is somebody else's, and new.

    Raises:
        CardKnownError: it is not.
    """
    if is_ours:
        raise CardKnownError("This card was issued for a purchase here.")
    if is_observed:
        raise CardKnownError("This card is registered under another id.")
