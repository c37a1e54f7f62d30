"""What can be asked, and which accounts make up which figure of a statement."""

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.budget.accounts.rules import SPENT_IN_ALL, AccountKind
from services.budget.totals.rules import Turnover
from shared.errors import Refusal

# What came in less what was spent. What is promised, or due from the person, is debited to its
# own account and can be spent; with that account among them it moves none of these balances.
REALLY_THERE = (
    AccountKind.AVAILABLE,
    AccountKind.OVERSPENT,
    AccountKind.PROMISED,
    AccountKind.CHARGE_DUE,
)
# For the person a promise of an organisation is as good as money; their own arrears are not.
THERE_FOR_PERSON = (AccountKind.AVAILABLE, AccountKind.OVERSPENT, AccountKind.CHARGE_DUE)
PAID_IN = (AccountKind.PAID_IN, AccountKind.RELEASED_IN)
PAID_OR_PROMISED = (*PAID_IN, AccountKind.PROMISED)
# What came in and is not the person's to spend: not yet, or no more.
NOT_THE_PERSONS = (AccountKind.UNALLOCATED, AccountKind.REPAID, AccountKind.LAPSED)
# What was paid for this funder, by it or by another in its place. What came back and nobody knows
# for what is out of what was paid and in the last account, and has made nothing cheaper.
SPENT = (*SPENT_IN_ALL, AccountKind.UNMATCHED)
_TOLD = (*REALLY_THERE, *PAID_IN, AccountKind.CHARGED, *SPENT)


class Form(enum.StrEnum):
    """How a document is rendered."""

    JSON = "json"
    CSV = "csv"
    PDF = "pdf"


MEDIA_TYPES = {
    Form.JSON: "application/json",
    Form.CSV: "text/csv; charset=utf-8; header=present",
    Form.PDF: "application/pdf",
}


class PeriodWrongError(Refusal):
    """The period holds no day."""

    code = "period_wrong"
    next_step = "Let it end after the day on which it starts: its last day is the one before."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A document that somebody wants: of a budget, of a funder, of both, or of all."""

    budget_id: UUID | None = None
    funder_id: UUID | None = None
    starts_on: date
    ends_on: date
    known_at: datetime | None = None  # none: as it is known now
    form: Form


def see_that_the_period_holds_a_day(asked: Asked) -> None:
    """Look whether a period ends after it begins.

    Raises:
        PeriodWrongError: it does not.
    """
    if asked.ends_on <= asked.starts_on:
        raise PeriodWrongError("The period ends before it has begun.")


def file_name(what: str, asked: Asked) -> str:
    """Return a name that says what it is and of which days, and nothing of whom."""
    last = asked.ends_on - timedelta(days=1)
    return f"{what}-{asked.starts_on}-to-{last}.{asked.form}"


def opening_pence(turnovers: Iterable[Turnover], kinds: Collection[AccountKind]) -> int:
    """Return what accounts of these kinds had when the period began, in pence."""
    return sum(one.opening_pence for one in turnovers if one.account_kind in kinds)


def closing_pence(turnovers: Iterable[Turnover], kinds: Collection[AccountKind]) -> int:
    """Return what accounts of these kinds had at the period's end, in pence."""
    return sum(one.closing_pence for one in turnovers if one.account_kind in kinds)


def step_pence(turnovers: Iterable[Turnover], kinds: Collection[AccountKind]) -> int:
    """Return what came to accounts of these kinds in the period, less what went, in pence."""
    return sum(one.step_pence for one in turnovers if one.account_kind in kinds)


def otherwise_pence(turnovers: Iterable[Turnover]) -> int:
    """Return what came from accounts that are in no other figure, less what went there."""
    return -sum(one.step_pence for one in turnovers if one.account_kind not in _TOLD)
