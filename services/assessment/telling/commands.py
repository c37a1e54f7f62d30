"""What can be said of how a person came to know the amount."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAsked:
    """Somebody wants to know whether the person knows the latest amount."""

    referral_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordToldInPerson:
    """Somebody told the person the amount and how it was worked out."""

    telling_id: UUID  # chosen by the caller, so that a repeat counts once
    referral_id: UUID
    version: int  # of the calculation
    told_by_id: UUID
    told_by_role: str
    told_on: date
    how_understood: str  # how it showed that the person had understood, in words
    interpreter: str | None  # who interpreted
