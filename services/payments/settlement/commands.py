"""What can be asked about settlement."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSettlement:
    """Take in the issuer's settlement file of a day: all of it, or nothing."""

    day: date
    file: str  # CSV, as the issuer wrote it
    replaces: str | None = None  # the SHA-256 of the day's former file


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHoldsAsked:
    """Which money has been set aside for long."""

    older_than_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePurchase:
    """Expect nothing more of a purchase that was reconciled long ago. Not from the edge."""

    purchase_id: UUID
