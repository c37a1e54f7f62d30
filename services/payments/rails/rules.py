"""When a rail is down, which purchases wait most urgently, and when another rail is safe."""

import enum
from collections.abc import Mapping
from datetime import datetime

from services.payments.entitlements.rules import Rail
from services.payments.purchases.states import PurchaseState
from shared.errors import Refusal

# Local policy, to be confirmed.
FAILURES_IN_A_ROW = 3
# Where a transfer is ordered that the bank may not have got, the purchase is authorised.
WAITS = frozenset({PurchaseState.REQUESTED, PurchaseState.READY, PurchaseState.AUTHORISED})


class Party(enum.StrEnum):
    """Who carries the money."""

    ISSUER = "issuer"
    BANK = "bank"


PARTY_OF: Mapping[Rail, Party] = {
    Rail.CARD: Party.ISSUER,
    Rail.BACS: Party.BANK,
    Rail.INVOICE: Party.BANK,
}


class ChangeState(enum.StrEnum):
    """Where a change of rail stands."""

    ASKED = "asked"  # whether anything was paid is being asked outside
    DONE = "done"
    REFUSED = "refused"  # something was paid, or ordered


class SameRailError(Refusal):
    """The purchase goes that way already."""

    code = "same_rail"
    next_step = "Choose the other rail, or leave the purchase as it is."


class RailChangedError(Refusal):
    """The purchase's rail was changed before."""

    code = "rail_changed"
    next_step = "Cancel the purchase and ask for a new one."


class HoldersChoiceError(Refusal):
    """The person or their nominee buys with a card themselves: there is no one payee."""

    code = "holders_choice"
    next_step = "End the holder's card, or ask for a purchase of its own for what the bank pays."


class MayBePaidError(Refusal):
    """Somebody was paid, or promised to be, or is being paid right now."""

    code = "may_be_paid"
    next_step = "Wait until it is known how the payment ended; never pay a second time before."


def check_change(
    *, rail: Rail, to: Rail, state: PurchaseState, held_pence: int, is_standing: bool
) -> None:
    """See that a purchase that waits with its money held can go another way.

    Raises:
        SameRailError: it goes that way.
        HoldersChoiceError: it is a holder's allowance.
        MayBePaidError: it is not waiting.
    """
    if PARTY_OF[rail] is PARTY_OF[to]:
        raise SameRailError("This purchase is paid that way already.")
    if is_standing:
        raise HoldersChoiceError("Whoever has the card chooses whom it pays.")
    if not waits_with_money(state=state, held_pence=held_pence):
        raise MayBePaidError("This purchase does not wait with its money held.", state=state)


def waits_with_money(*, state: PurchaseState, held_pence: int) -> bool:
    return state in WAITS and held_pence > 0


def urgency(*, is_wage: bool, due_at: datetime) -> tuple[bool, datetime]:
    """Return by what purchases that wait are sorted: wages first, then whose money is due first."""
    return (not is_wage, due_at)
