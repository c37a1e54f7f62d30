"""The table of who told a person the amount."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.tables import Table


class ToldInPerson(Table):
    """One talk in which a person heard one calculation."""

    __tablename__ = "told_in_person"
    __table_args__ = (
        ForeignKeyConstraint(
            ["referral_id", "version"],
            ["indicative_budgets.referral_id", "indicative_budgets.version"],
        ),
        Index("told_in_person_referral_id_version_ix", "referral_id", "version"),
    )
    telling_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID]
    version: Mapped[int]
    told_by_id: Mapped[UUID]
    told_by_role: Mapped[str]
    told_on: Mapped[date]
    how_understood: Mapped[str]
    interpreter: Mapped[str | None]
    recorded_at: Mapped[datetime]
    request_sha256: Mapped[str]
