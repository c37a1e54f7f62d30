"""The table of signatures."""

from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.signatures.rules import SigningRole
from services.assessment.tables import Table


class Signature(Table):
    """One signature over one version of a plan. A newer version voids it; it is kept."""

    __tablename__ = "signatures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["plan_id", "version"], ["plan_versions.plan_id", "plan_versions.version"]
        ),
        UniqueConstraint("plan_id", "version", "signatory_id"),  # nobody signs twice
        CheckConstraint(
            "(role = 'care_coordinator') = (is_comfortable IS NOT NULL)",
            name="coordinator_says_how_it_is",
        ),
        CheckConstraint("is_comfortable OR worry IS NOT NULL", name="worry_is_stated"),
        CheckConstraint(
            "role = 'person' OR capacity_basis IS NULL", name="only_the_person_is_represented"
        ),
    )
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[SigningRole] = mapped_column(primary_key=True)
    signatory_id: Mapped[UUID]
    content_sha256: Mapped[str]
    capacity_basis: Mapped[str | None]  # why a representative signed
    is_comfortable: Mapped[bool | None]
    worry: Mapped[str | None]
    signed_at: Mapped[datetime]
    voided_at: Mapped[datetime | None] = mapped_column(default=None)  # by an edit

    @classmethod
    def of(cls, plan_id: UUID, version: int, *, session: Session) -> list[Self]:
        """Return the signatures over a version, voided or not."""
        signatures = select(cls).where(cls.plan_id == plan_id, cls.version == version)
        return list(session.scalars(signatures.order_by(cls.signed_at, cls.role)))

    @classmethod
    def valid(cls, plan_id: UUID, version: int, *, session: Session) -> list[Self]:
        """Return the signatures over a version that count."""
        signatures = cls.of(plan_id, version, session=session)
        return [signature for signature in signatures if signature.voided_at is None]
