"""When a payment settles what is due, and what it does to both books."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from services.budget.accounts.rules import AccountKind, Entry, account_name, flow
from shared.errors import NotFoundError, Refusal


class NotInvoicedError(NotFoundError):
    """The run has nothing that the one is to pay the other."""

    code = "not_invoiced"
    next_step = "Look up the run: it names who pays whom."


class PartlyPaidError(Refusal):
    """Less was paid than is due."""

    code = "partly_paid"
    next_step = "Have the rest paid and report the whole under one bank reference."

    def __init__(self, *, due_pence: int, paid_pence: int) -> None:
        super().__init__("Less was paid than is due.", due_pence=due_pence, paid_pence=paid_pence)


class OverpaidError(Refusal):
    """More was paid than is due."""

    code = "overpaid"
    next_step = "Give back what is too much, and report what is due."

    def __init__(self, *, due_pence: int, paid_pence: int) -> None:
        super().__init__("More was paid than is due.", due_pence=due_pence, paid_pence=paid_pence)


class AlreadySettledError(Refusal):
    """What is due was settled, or is being settled, by another payment."""

    code = "already_settled"
    next_step = "Find out what this payment is for: what it names is paid by another."


class ReferenceUsedError(Refusal):
    """Another month was settled by this payment."""

    code = "reference_used"
    next_step = "Report the bank's reference of the payment for this month."


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of the two funders, and the code by which the other's accounts call it."""

    funder_id: UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What one funder owes the other in one budget, in pence; below nothing after a refund."""

    debtor: Party
    creditor: Party
    amount_pence: int


def see_that_it_is_paid(*, due_pence: int, paid_pence: int) -> None:
    """Look whether a payment is what is due, to the penny.

    Raises:
        PartlyPaidError: it is less.
        OverpaidError: it is more.
    """
    if paid_pence < due_pence:
        raise PartlyPaidError(due_pence=due_pence, paid_pence=paid_pence)
    if paid_pence > due_pence:
        raise OverpaidError(due_pence=due_pence, paid_pence=paid_pence)


def settlement_entries(debts: Iterable[Debt]) -> list[Entry]:
    """Return the entries of a budget's debts being settled: each way in both books, not netted.

    The debtor's debt becomes what it has settled, and the creditor's claim what it got of that;
    neither what was spent nor what is available changes.
    """
    entries: list[Entry] = []
    for debt in debts:
        debtor, creditor, pence = debt.debtor, debt.creditor, debt.amount_pence
        due_to = account_name(AccountKind.DUE_TO, creditor.code)
        due_from = account_name(AccountKind.DUE_FROM, debtor.code)
        paid = account_name(AccountKind.SETTLED, creditor.code)
        got = account_name(AccountKind.SETTLED, debtor.code)
        entries += flow(debtor.funder_id, [(due_to, pence)], [(paid, pence)])
        entries += flow(creditor.funder_id, [(got, pence)], [(due_from, pence)])
    return entries


def paid_in_budget_pence(debts: Iterable[Debt], *, debtor_id: UUID) -> int:
    """Return what a funder pays for one budget, in pence: what it owes less what it is owed."""
    paid_pence = sum(
        debt.amount_pence if debt.debtor.funder_id == debtor_id else -debt.amount_pence
        for debt in debts
    )
    return max(0, paid_pence)
