"""When a month can be recharged, and what two funders then owe one another."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shared.errors import IdReusedError, NotFoundError, Refusal

DAYS_TO_SETTLE = 30  # local policy, for each pool's partners to agree


class AlreadyRunError(Refusal):
    """The month was recharged by another run."""

    code = "already_run"
    next_step = "Look up the run of this month; what came later is in the next month's run."


class LaterMonthRunError(Refusal):
    """A later month was recharged, and all that is before it with it."""

    code = "later_month_run"
    next_step = "Recharge the month after the newest run; it takes what is older with it."


class MonthNotOverError(Refusal):
    """There may still be spending in the month."""

    code = "month_not_over"
    next_step = "Ask again when the month is over."


class BooksDisagreeError(Refusal):
    """What one funder owes is not what the other waits for."""

    code = "books_disagree"
    next_step = "Run the verifier: it names the budgets. Put their books right, then ask again."

    def __init__(self, *, budgets: int) -> None:
        super().__init__("Two funders' books disagree about what is due.", budgets=budgets)


class RunDiffersError(IdReusedError):
    """The id is that of the run of another pool or month."""


class RunNotFoundError(NotFoundError):
    """There is no such run."""

    code = "run_not_found"
    next_step = "Look up the pool's runs, or recharge the month first."


class InvoiceNotFoundError(NotFoundError):
    """There is no such invoice."""

    code = "invoice_not_found"
    next_step = "Look up the run: its answer names its invoices."


@dataclass(frozen=True, slots=True, kw_only=True)
class Debts:
    """What one funder's debts to another came to over all budgets of a pool, in pence.

    A debt is below nothing where a refund came back for what was settled before: then the other
    owes it.
    """

    debtor_id: UUID
    creditor_id: UUID
    owed_pence: int  # the sum of the debts above nothing
    returned_pence: int  # the sum of those below, without its sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Netted:
    """What one funder has to pay another after both ways are set against one another."""

    debtor_id: UUID
    creditor_id: UUID
    owed_pence: int  # the way in which it is paid, in all
    owed_back_pence: int  # the other way

    @property
    def net_pence(self) -> int:
        return self.owed_pence - self.owed_back_pence


def see_that_it_can_be_run(month: date, *, run_before: Collection[date], today: date) -> None:
    """Look whether a month of a pool can be recharged.

    Months follow one another, because a run takes all that is due at the end of its month and in
    no run yet.

    Args:
        month: its first day.
        run_before: the first days of the months that were run.
        today: in London.

    Raises:
        MonthNotOverError: it is not over.
        AlreadyRunError: it was run.
        LaterMonthRunError: a later one was run.
    """
    if last_day(month) >= today:
        raise MonthNotOverError("This month is not over.")
    if month in run_before:
        raise AlreadyRunError("This month was recharged before.")
    if max(run_before, default=month) > month:
        raise LaterMonthRunError("A later month was recharged before.")


def last_day(month: date) -> date:
    """Return the last day of the month of which ``month`` is the first."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def netted(debts: Iterable[Debts]) -> list[Netted]:
    """Set what each two funders owe one another against each other.

    Where it comes to nothing the one with the lower id stands as the debtor: there is nothing to
    pay, and both ways have still to be booked as settled.
    """
    owing: dict[tuple[UUID, UUID], int] = {}
    for one in debts:
        for pair, pence in (
            ((one.debtor_id, one.creditor_id), one.owed_pence),
            ((one.creditor_id, one.debtor_id), one.returned_pence),
        ):
            owing[pair] = owing.get(pair, 0) + pence
    pairs = sorted({(min(pair), max(pair)) for pair in owing})
    return [_of_pair(*pair, owing) for pair in pairs]


def _of_pair(lower: UUID, higher: UUID, owing: dict[tuple[UUID, UUID], int]) -> Netted:
    forth, back = owing.get((lower, higher), 0), owing.get((higher, lower), 0)
    if forth >= back:
        return Netted(debtor_id=lower, creditor_id=higher, owed_pence=forth, owed_back_pence=back)
    return Netted(debtor_id=higher, creditor_id=lower, owed_pence=back, owed_back_pence=forth)
