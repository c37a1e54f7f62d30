"""What was booked on a case."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.bookings.models import Booking


def shown(referral_id: UUID, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every booking of a case; the last one counts."""
    return [
        {
            "booking_id": booking.booking_id,
            "version": booking.version,
            "starts_at": booking.starts_at,
            "way": booking.way,
            "place": booking.place,
            "coming": booking.coming,
            "booked_at": booking.booked_at,
        }
        for booking in Booking.of(referral_id, session=session)
    ]
