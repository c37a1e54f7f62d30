"""When a receipt can be attached."""

from services.payments.purchases.rules import BOUGHT, PurchaseState
from shared.errors import Refusal

WITH_RECEIPT = (PurchaseState.READY, *BOUGHT)


class NothingBoughtError(Refusal):
    """There is nothing that a receipt could be for."""

    code = "nothing_bought"
    next_step = "Attach the receipt to the purchase that it is for."


def check_receipt(*, state: PurchaseState, captured_pence: int) -> None:
    """See that something was, or may have been, bought.

    Raises:
        NothingBoughtError: it was not.
    """
    if state not in WITH_RECEIPT and captured_pence == 0:
        raise NothingBoughtError("Nothing has been bought with this purchase.")
