"""The table of records that were opened in an emergency."""

from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.emergencies.rules import Answer, Finding, Reason
from services.assessment.tables import Table
from shared.errors import NotKnownYetError


class EmergencyAccess(Table):
    """Somebody outside the team opened a record: why, with whom, and what came of it."""

    __tablename__ = "emergency_accesses"
    __table_args__ = (
        Index("emergency_accesses_opened_by_ix", "opened_by", "ends_at"),
        Index("emergency_accesses_second_id_ix", "second_id"),
        Index("emergency_accesses_organisation_ix", "organisation", "opened_at"),
        CheckConstraint("opened_by <> second_id", name="needs_two"),
        CheckConstraint("ends_at >= opened_at", name="ends_after_its_start"),
        CheckConstraint(
            "num_nonnulls(answer, answer_words, answered_at) IN (0, 3)", name="answered_in_words"
        ),
        CheckConstraint(
            "num_nonnulls(reviewed_by, finding, review_words, reviewed_at) IN (0, 4)",
            name="reviewed_by_somebody",
        ),
        CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by NOT IN (opened_by, second_id)",
            name="reviewed_by_a_third",
        ),
    )
    access_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"), index=True)
    opened_by: Mapped[UUID]
    opened_by_role: Mapped[str]
    organisation: Mapped[str]
    reason: Mapped[Reason]
    words: Mapped[str]
    second_id: Mapped[UUID]
    opened_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    request_sha256: Mapped[str]
    answer: Mapped[Answer | None] = mapped_column(default=None)
    answer_words: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    reviewed_by: Mapped[UUID | None] = mapped_column(default=None)
    finding: Mapped[Finding | None] = mapped_column(default=None)
    review_words: Mapped[str | None] = mapped_column(default=None)
    reviewed_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def locked(cls, access_id: UUID, *, session: Session) -> Self:
        """Return one opening, locked until the transaction ends.

        Raises:
            NotKnownYetError: it has not arrived; its id is the caller's.
        """
        found = session.get(cls, access_id, with_for_update=True, populate_existing=True)
        if found is None:
            raise cls.not_here(access_id)
        return found

    @staticmethod
    def not_here(access_id: UUID) -> NotKnownYetError:
        """Return the refusal of what is not here, or not theirs."""
        return NotKnownYetError("This is not here yet.", access_id=str(access_id))

    @classmethod
    def open_now(cls, opened_by: UUID, at: datetime, *, session: Session) -> int:
        """Return how many records somebody holds open."""
        held = select(func.count()).select_from(cls)
        held = held.where(cls.opened_by == opened_by, cls.ends_at > at)
        return session.scalar(held) or 0

    @classmethod
    def of(cls, person_id: UUID, opened_by: UUID, *, session: Session) -> list[Self]:
        """Return each time that somebody opened a person's record, the latest first."""
        found = select(cls).where(cls.person_id == person_id, cls.opened_by == opened_by)
        return list(session.scalars(found.order_by(cls.opened_at.desc())))
