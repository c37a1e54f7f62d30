"""The table of reviews."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.reviews.rules import ReviewKind
from services.assessment.tables import Table


class Review(Table):
    """A review that will be held by a date."""

    __tablename__ = "reviews"
    review_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    kind: Mapped[ReviewKind]
    trigger: Mapped[str]
    requested_at: Mapped[datetime]
    due_on: Mapped[date]
