"""The accounts a book has, and what the bookkeeper refuses."""

import enum

from shared.errors import NotFoundError, Refusal


class FunderId(enum.StrEnum):
    """Whose money it is. Each has a book of its own, and no posting crosses from one to another.

    NHS money is never charged to the person: the NHS book has no account to charge from.
    """

    NHS = "nhs"
    COUNCIL = "council"
    PERSON = "person"


class AccountKind(enum.StrEnum):
    """What an account of a funder's book for one budget holds."""

    PAID_IN = "paid_in"  # what the funder has paid in
    CHARGED = "charged"  # the council's book only: what the person has paid towards its part
    AVAILABLE = "available"  # what is there for the person to spend, held money included
    PAID_OUT = "paid_out"  # what was spent, net of refunds
    OVERSPENT = "overspent"  # what the issuer took beyond what was available
    OWN_MONEY = "own_money"  # the person's book: their own money
    CONTRIBUTED = "contributed"  # the person's book: what they gave towards the council's part


ACCOUNTS_OF_BOOK = {
    FunderId.NHS: (
        AccountKind.PAID_IN,
        AccountKind.AVAILABLE,
        AccountKind.PAID_OUT,
        AccountKind.OVERSPENT,
    ),
    FunderId.COUNCIL: (
        AccountKind.PAID_IN,
        AccountKind.CHARGED,
        AccountKind.AVAILABLE,
        AccountKind.PAID_OUT,
        AccountKind.OVERSPENT,
    ),
    FunderId.PERSON: (AccountKind.OWN_MONEY, AccountKind.CONTRIBUTED),
}


class InsufficientFundsError(Refusal):
    """There is less available than was asked for."""

    code = "insufficient_funds"
    next_step = "Ask for a smaller amount, or for a review of the budget."

    def __init__(self, *, requested_pence: int, available_pence: int) -> None:
        super().__init__(
            "There is not enough money in this budget.",
            requested_pence=requested_pence,
            available_pence=available_pence,
        )


class BudgetNotFoundError(NotFoundError):
    """There is no such budget."""

    code = "budget_not_found"


class BatchTooLargeError(Refusal):
    """More is to be booked at once than one transaction should hold locks for."""

    code = "batch_too_large"
    next_step = "Ask for it in several parts."

    def __init__(self, *, asked: int, most: int) -> None:
        super().__init__("This is too much to be booked at once.", asked=asked, most=most)
