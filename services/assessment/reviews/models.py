"""The tables of reviews, of the meetings that close them, and of what came of goals."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.reviews.rules import AskedBy, ReviewKind
from services.assessment.tables import Table


class Meeting(Table):
    """A review as it was held."""

    __tablename__ = "review_meetings"
    __table_args__ = (
        CheckConstraint(
            "is_person_present = (absent_because IS NULL)", name="absence_has_a_reason"
        ),
    )
    meeting_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    held_on: Mapped[date]
    attendee_roles: Mapped[list[str]] = mapped_column(JSONB)
    is_person_present: Mapped[bool]
    absent_because: Mapped[str | None]
    conclusions: Mapped[str]
    recorded_at: Mapped[datetime]
    request_sha256: Mapped[str]


class GoalOutcome(Table):
    """What came of one goal, in the person's own words."""

    __tablename__ = "goal_outcomes"
    __table_args__ = (CheckConstraint("self_rating BETWEEN 0 AND 10", name="rating_in_range"),)
    meeting_id: Mapped[UUID] = mapped_column(
        ForeignKey("review_meetings.meeting_id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome_id: Mapped[UUID] = mapped_column(unique=True)
    goal: Mapped[str]
    words: Mapped[str]
    self_rating: Mapped[int | None]
    may_quote: Mapped[bool]


class Review(Table):
    """A review that will be held by a date; open until a meeting, or the end of the case."""

    __tablename__ = "reviews"
    __table_args__ = (
        Index(
            "reviews_one_planned_key",
            "referral_id",
            unique=True,
            postgresql_where=text("kind = 'planned' AND closed_at IS NULL"),
        ),
        CheckConstraint("(kind = 'rapid') = (asked_by IS NOT NULL)", name="somebody_asked"),
        CheckConstraint("meeting_id IS NULL OR closed_at IS NOT NULL", name="meeting_closes"),
    )
    review_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    kind: Mapped[ReviewKind]
    trigger: Mapped[str]
    requested_at: Mapped[datetime]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    asked_by: Mapped[AskedBy | None] = mapped_column(default=None)
    clocks: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)  # rules it answers
    rule_due_on: Mapped[date | None] = mapped_column(default=None)  # by the rules alone
    moved_because: Mapped[str | None] = mapped_column(default=None)
    request_sha256: Mapped[str | None] = mapped_column(default=None)  # planned: nobody asked for it
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    meeting_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("review_meetings.meeting_id"), default=None
    )

    @classmethod
    def open_of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return the open reviews of a case, the most urgent first. The case is locked."""
        reviews = select(cls).where(cls.referral_id == referral_id, cls.closed_at.is_(None))
        in_order = reviews.order_by(cls.due_on, cls.review_id)
        return list(session.scalars(in_order.execution_options(populate_existing=True)))
