"""Exceptions, open until somebody says how they ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.exceptions.rules import ExceptionKind, Resolution
from services.payments.tables import Table


class RaisedException(Table):
    """Something that went another way than it should, once for each kind and thing."""

    __tablename__ = "exceptions"
    __table_args__ = (
        UniqueConstraint("kind", "about"),
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
        CheckConstraint(
            "(resolution IS NULL) = (resolved_at IS NULL)"
            " AND (resolution IS NULL) = (resolved_by IS NULL)"
            " AND (resolution IS NULL) = (reason IS NULL)",
            name="resolved_as_a_whole",
        ),
        Index("exceptions_open_ix", "due_at", postgresql_where=text("resolved_at IS NULL")),
    )
    exception_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[ExceptionKind]
    about: Mapped[str]
    purchase_id: Mapped[UUID | None] = mapped_column(index=True)
    amount_pence: Mapped[int]
    role: Mapped[str]  # whose it is
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    resolution: Mapped[Resolution | None] = mapped_column(default=None)
    resolved_by: Mapped[UUID | None] = mapped_column(default=None)
    resolved_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
