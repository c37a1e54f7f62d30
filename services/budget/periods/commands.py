"""What can be asked about periods."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPeriod:
    """Divide a pool's days: the next of its periods."""

    period_id: UUID
    pool_id: UUID
    starts_on: date
    ends_on: date  # the first day that is not in it


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftClosePeriod:
    """Let nothing be booked for a period but what says why it is late."""

    period_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPeriod:
    """Take a partner's word that a period is right as it stands."""

    period_id: UUID
    funder_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePeriod:
    """Close a period for good and keep what every account stood at."""

    period_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveReopening:
    """Agree that another may reopen a closed period."""

    period_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenPeriod:
    """Let what was forgotten be booked for the newest closed period."""

    period_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPeriod:
    """Ask for a closed period as it was closed."""

    period_id: UUID
    version: int | None  # the newest where it is not told
    budget_id: UUID | None  # whose accounts and journals are wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowBalance:
    """Ask what a budget's funders had on a day, as it was known at an instant."""

    budget_id: UUID
    as_of: date  # the last day that counts
    known_at: datetime | None  # now where it is not told
