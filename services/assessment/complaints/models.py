"""The table of complaints."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.complaints.rules import ComplaintState
from services.assessment.tables import Table
from shared.errors import NotKnownYetError


class Complaint(Table):
    """Somebody is not content. It hangs on the person and not on a case, which others read."""

    __tablename__ = "complaints"
    __table_args__ = (
        Index(
            "complaints_untold_due_on_ix",
            "due_on",
            postgresql_where=text("answered_at IS NULL AND late_told_at IS NULL"),
        ),
        CheckConstraint(
            "num_nonnulls(handler_id, answer, next_route, answered_at)"
            " = CASE state WHEN 'made' THEN 0 ELSE 4 END",
            name="answered_by_somebody",
        ),
    )
    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"), index=True)
    state: Mapped[ComplaintState]
    made_by_role: Mapped[str]
    words: Mapped[str]
    wants: Mapped[str | None]
    may_team_read: Mapped[bool]
    made_at: Mapped[datetime]
    due_on: Mapped[date]
    request_sha256: Mapped[str]
    handler_id: Mapped[UUID | None] = mapped_column(default=None)
    answer: Mapped[str | None] = mapped_column(default=None)
    next_route: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    late_told_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def locked(cls, complaint_id: UUID, *, session: Session) -> Self:
        """Return a complaint, locked until the transaction ends.

        Raises:
            NotKnownYetError: it has not arrived; its id is the caller's.
        """
        complaint = session.get(cls, complaint_id, with_for_update=True, populate_existing=True)
        if complaint is None:
            raise NotKnownYetError(
                "This complaint is not here yet.", complaint_id=str(complaint_id)
            )
        return complaint
