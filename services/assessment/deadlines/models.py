"""The table of deadlines."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.deadlines.rules import Stage
from services.assessment.tables import Table

_IS_OPEN = text("met_at IS NULL")


class Deadline(Table):
    """Something that a role must do by a day; open until it is done."""

    __tablename__ = "deadlines"
    __table_args__ = (
        Index(
            "deadlines_one_open_key", "about_id", "stage", unique=True, postgresql_where=_IS_OPEN
        ),
        Index("deadlines_open_of_referral_ix", "referral_id", postgresql_where=_IS_OPEN),
        Index("deadlines_open_of_role_ix", "role", "due_on", postgresql_where=_IS_OPEN),
        Index(
            "deadlines_untold_due_on_ix",
            "due_on",
            postgresql_where=text("met_at IS NULL AND missed_told_at IS NULL"),
        ),
        CheckConstraint("met_at >= since", name="met_after_its_start"),
    )
    deadline_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"))
    stage: Mapped[Stage]
    about_id: Mapped[UUID]  # what it is about: a plan, an appeal, a review
    role: Mapped[str]  # who must do it
    since: Mapped[datetime]  # when it came to that role
    due_on: Mapped[date]
    met_at: Mapped[datetime | None] = mapped_column(default=None)  # done, or no longer needed
    missed_told_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def open_one(cls, stage: Stage, about_id: UUID, *, session: Session) -> Self | None:
        """Return the open deadline of that stage about something, locked."""
        deadlines = select(cls).where(
            cls.stage == stage, cls.about_id == about_id, cls.met_at.is_(None)
        )
        return session.scalar(deadlines.with_for_update())

    @classmethod
    def open_of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return what is to be done on a case, the most urgent first."""
        deadlines = select(cls).where(cls.referral_id == referral_id, cls.met_at.is_(None))
        return list(session.scalars(deadlines.order_by(cls.due_on, cls.stage, cls.deadline_id)))
