"""What can be asked about series."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.payments.series.rules import Every, Period


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSeries:
    """Ask to buy an item of a plan again and again."""

    series_id: UUID
    budget_id: UUID
    item_id: UUID
    amount_pence: int  # of each occurrence, and its cap; of a holder's card the allowance
    every: Every
    period: Period | None  # None: the cap is of each occurrence, as of a holder's card
    period_cap_pence: int
    starts_on: date
    ends_on: date
    requested_by: UUID  # the broker's staff id
    instruction: str  # what the person asked for, in their words
    holder_id: UUID | None = None  # who has the card themselves: the person or their nominee
    holder_name: str | None = None  # as it stands on the card


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveSeries:
    """Let a series begin; its occurrences need no approval of their own."""

    series_id: UUID
    approved_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSeries:
    """Ask for nothing more of a series, and close its card."""

    series_id: UUID
    ended_by: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForOccurrence:
    """Ask for the purchase that is due, or end a series that is over. Not from the edge."""

    series_id: UUID
    due_on: date
