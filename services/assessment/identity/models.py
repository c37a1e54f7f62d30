"""The table of questions about who is who."""

from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.identity.rules import Answer, Suspicion, pair
from services.assessment.tables import Table
from shared.errors import NotFoundError


class IdentityQuestion(Table):
    """Two records that may be one person. It is asked once; a human answers."""

    __tablename__ = "identity_questions"
    __table_args__ = (
        UniqueConstraint("person_id", "other_person_id"),
        CheckConstraint("person_id < other_person_id", name="pair_in_order"),
        CheckConstraint(
            "num_nonnulls(answer, answered_by, reasons, answered_at, request_sha256) IN (0, 5)",
            name="answered_with_reasons",
        ),
        CheckConstraint("answer <> 'merged' OR kept_person_id IS NOT NULL", name="says_which"),
    )
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"))  # that raised it
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    other_person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"), index=True)
    suspicion: Mapped[Suspicion]
    asked_at: Mapped[datetime]
    answer: Mapped[Answer | None] = mapped_column(default=None)
    kept_person_id: Mapped[UUID | None] = mapped_column(default=None)
    answered_by: Mapped[UUID | None] = mapped_column(default=None)
    reasons: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    request_sha256: Mapped[str | None] = mapped_column(default=None)  # of the answer

    @property
    def people(self) -> tuple[UUID, UUID]:
        return self.person_id, self.other_person_id

    @classmethod
    def of_pair(cls, one: UUID, other: UUID, *, session: Session) -> Self | None:
        """Return the question about two people, if it was ever asked."""
        first, second = pair(one, other)
        asked = select(cls).where(cls.person_id == first, cls.other_person_id == second)
        return session.scalar(asked)

    @classmethod
    def known(cls, question_id: UUID, *, session: Session) -> Self:
        """Return a question, locked until the transaction ends.

        Raises:
            NotFoundError: no such question.
        """
        question = session.get(cls, question_id, with_for_update=True, populate_existing=True)
        if question is None:
            raise NotFoundError("No such question.", question_id=str(question_id))
        return question
