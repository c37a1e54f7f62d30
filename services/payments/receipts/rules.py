"""When a receipt can be attached, what it proves, and when a missing one is asked for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.payments.purchases.states import PurchaseState, Step, is_possible
from shared.errors import Refusal

# Local policy, to be confirmed by each organisation. The holder's card is never locked for it:
# for somebody who depends on it that would do more harm than a receipt can mend.
CHASED_ON_DAYS = (7, 14, 28)  # after the purchase was completed
REVIEWED_ON_DAY = 35  # then the broker looks with the person why there is none
LOOKED_AT_WITHOUT_RECEIPT_ABOVE_PENCE = 25_00


class NothingBoughtError(Refusal):
    """There is nothing that a receipt could be for."""

    code = "nothing_bought"
    next_step = "Attach the receipt to the purchase that it is for."


class LinesDoNotAddUpError(Refusal):
    """The lines of a receipt are not what it comes to."""

    code = "lines_do_not_add_up"
    next_step = "List every line, discounts below zero, or none; or put right the amount."


class HasReceiptError(Refusal):
    """There is a receipt."""

    code = "has_receipt"
    next_step = "Nothing is to do: the purchase has a receipt."


def check_receipt(*, state: PurchaseState, captured_pence: int) -> None:
    """See that something was, or may have been, bought.

    Raises:
        NothingBoughtError: it was not.
    """
    if not is_possible(Step.ATTACH_RECEIPT, state) and captured_pence == 0:
        raise NothingBoughtError("Nothing has been bought with this purchase.")


def check_lines(totals_pence: Sequence[int], *, amount_pence: int) -> None:
    """See that a receipt's lines, if any are given, come to its amount.

    Raises:
        LinesDoNotAddUpError: they do not.
    """
    lines_pence = sum(totals_pence)
    if totals_pence and lines_pence != amount_pence:
        raise LinesDoNotAddUpError(
            "The lines of this receipt do not come to its amount.",
            lines_pence=lines_pence,
            amount_pence=amount_pence,
        )


def is_evidenced(
    *, is_completed: bool, shown_pence: int, cost_pence: int, is_excused: bool
) -> bool:
    """Whether what was bought is shown.

    Args:
        is_completed: the purchase is paid and booked.
        shown_pence: what its receipts come to.
        cost_pence: what it has cost, net of refunds.
        is_excused: somebody said why there is no receipt.
    """
    return is_completed and (is_excused or shown_pence >= cost_pence)


def reminders_due(completed_at: datetime, *, at: datetime) -> int:
    """Return how many of the reminders are due by now."""
    return sum(at >= completed_at + timedelta(days=day) for day in CHASED_ON_DAYS)


def is_review_due(completed_at: datetime, *, at: datetime) -> bool:
    return at >= completed_at + timedelta(days=REVIEWED_ON_DAY)
