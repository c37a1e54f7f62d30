"""What help a person is offered before they choose."""

import enum
from collections.abc import Iterable
from typing import ClassVar

from shared.errors import Refusal


class Support(enum.StrEnum):
    """Who could help with a budget. Each is offered before the person chooses."""

    BROKER = "broker"
    PEER_SUPPORTER = "peer_supporter"
    ADVOCATE = "advocate"


class OfferAnswer(enum.StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PERHAPS_LATER = "perhaps_later"


class SupportNotOfferedError(Refusal):
    """Nobody is left to choose alone: some of the help was not offered yet."""

    code = "support_not_offered"
    next_step: ClassVar[str] = (
        "Offer the person what the details name, record their answer, and ask again."
    )


def check_offered(offered: Iterable[Support]) -> None:
    """Make sure that a person chooses with help, if they want any.

    Raises:
        SupportNotOfferedError: names what was not offered.
    """
    missing = sorted(set(Support) - set(offered))
    if missing:
        raise SupportNotOfferedError(
            "Help is offered before the person chooses.", missing=", ".join(missing)
        )
