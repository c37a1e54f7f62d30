"""The table of bookings. The newest of a case counts; the others are its history."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.bookings.rules import Way
from services.assessment.tables import Table


class Booking(Table):
    """When and where an assessment is to be held, and who comes."""

    __tablename__ = "bookings"
    __table_args__ = (
        UniqueConstraint("referral_id", "version"),
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint("(way = 'at_place') = (place IS NOT NULL)", name="place_where_needed"),
    )
    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"))
    version: Mapped[int]  # which booking of the case it is
    starts_at: Mapped[datetime]
    way: Mapped[Way]
    place: Mapped[str | None]
    coming: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    booked_at: Mapped[datetime]
    request_sha256: Mapped[str]

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return what was booked on a case, the newest last."""
        bookings = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(bookings.order_by(cls.version)))
