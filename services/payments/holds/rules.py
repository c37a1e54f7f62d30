"""When a purchase can still be called off."""

from dataclasses import dataclass

from services.payments.purchases.states import OPEN, PurchaseState
from shared.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyUnused:
    """Why a purchase that nobody used ends."""

    code: str
    reason: str
    next_step: str


HOLD_EXPIRED = WhyUnused(
    code="hold_expired",
    reason="The money was set aside for as long as it can be, and was not used.",
    next_step="Ask for the purchase again if it is still wanted.",
)


class PurchaseOverError(Refusal):
    """The purchase was refused, or it is paid for."""

    code = "purchase_over"
    next_step = "Ask the shop for a refund if it has been paid."


class AlreadyAuthorisedError(Refusal):
    """A shop has been promised money on the purchase's card."""

    code = "already_authorised"
    next_step = "Ask the shop to cancel the order; its promise then ends and the money is free."


class AlreadyOrderedError(Refusal):
    """The bank has been told to pay."""

    code = "already_ordered"
    next_step = "Ask the payee for a refund."


def check_cancellation(
    *, state: PurchaseState, claimed_pence: int, through_the_bank_pence: int
) -> None:
    """See that nobody has been paid, or promised to be.

    Args:
        state: of the purchase.
        claimed_pence: what its card's authorisations may claim, or have claimed.
        through_the_bank_pence: what the bank was told to pay, or has paid.

    Raises:
        PurchaseOverError, AlreadyAuthorisedError, AlreadyOrderedError: somebody has.
    """
    if state not in OPEN:
        raise PurchaseOverError("This purchase is over.")
    if claimed_pence > 0:
        raise AlreadyAuthorisedError("A shop has been promised this money.")
    if through_the_bank_pence > 0:
        raise AlreadyOrderedError("The bank has been told to pay.")
