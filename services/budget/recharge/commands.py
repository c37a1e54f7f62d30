"""What can be asked about what funders owe one another."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecharge:
    """Invoice what the funders of a pool owe one another at the end of a month."""

    run_id: UUID
    pool_id: UUID
    month: date  # its first day


@dataclass(frozen=True, slots=True, kw_only=True)
class RechargeAsked:
    """Show the runs of a pool, and how old what is open is on a day."""

    pool_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesAsked:
    """Show the lines of an invoice, budget by budget, so many at a time."""

    invoice_id: UUID
    after_budget_id: UUID | None
