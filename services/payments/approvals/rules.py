"""What an approver can say, and what a returned purchase may become."""

import enum

from shared.errors import Refusal
from shared.money import pounds


class Decision(enum.StrEnum):
    """What an approver says."""

    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"


class AmountAboveFirstError(Refusal):
    """More than was asked for at first, and so more than is held."""

    code = "amount_above_first"
    next_step = "Cancel this purchase and ask for a new one of the larger amount."

    def __init__(self, *, amount_pence: int, first_pence: int) -> None:
        super().__init__(
            f"{pounds(first_pence)} was asked for at first.",
            amount_pence=amount_pence,
            first_pence=first_pence,
        )


def see_that_it_is_no_more(*, amount_pence: int, first_pence: int) -> None:
    """Look whether an amended purchase asks for no more than before.

    Raises:
        AmountAboveFirstError: it asks for more.
    """
    if amount_pence > first_pence:
        raise AmountAboveFirstError(amount_pence=amount_pence, first_pence=first_pence)
