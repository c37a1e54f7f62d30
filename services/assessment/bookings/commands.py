"""What can be asked about a booking of the joint assessment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.assessment.bookings.rules import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Somebody who comes, beside the person."""

    name: str
    role: str  # care_coordinator, nurse, social_worker, interpreter, …


@dataclass(frozen=True, slots=True, kw_only=True)
class BookAssessment:
    """A time is fixed for the joint assessment, in place of any that was fixed before."""

    booking_id: UUID  # chosen by the sender, so that a repeat counts once
    referral_id: UUID
    starts_at: datetime
    way: Way
    place: str | None  # exactly where people meet at a place
    coming: Sequence[Coming]
