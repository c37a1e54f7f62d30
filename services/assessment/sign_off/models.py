"""The tables of signatures and decisions."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.sign_off.rules import DecisionOutcome, Rung, SigningRole
from services.assessment.tables import Table


def _of_plan_version() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["plan_id", "version"], ["plan_versions.plan_id", "plan_versions.version"]
    )


class Signature(Table):
    """One signature over one version of a plan. A newer version leaves it behind, unchanged."""

    __tablename__ = "signatures"
    __table_args__ = (
        _of_plan_version(),
        UniqueConstraint("plan_id", "version", "signatory_id"),  # nobody signs twice
        CheckConstraint(
            "(role = 'care_coordinator') = (is_comfortable IS NOT NULL)",
            name="coordinator_says_how_it_is",
        ),
        CheckConstraint("is_comfortable OR worry IS NOT NULL", name="worry_is_stated"),
    )
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[SigningRole] = mapped_column(primary_key=True)
    signatory_id: Mapped[UUID]
    content_sha256: Mapped[str]
    is_comfortable: Mapped[bool | None]
    worry: Mapped[str | None]
    signed_at: Mapped[datetime]

    @classmethod
    def of(cls, plan_id: UUID, version: int, *, session: Session) -> list[Self]:
        """Return the signatures that count for a version."""
        signatures = select(cls).where(cls.plan_id == plan_id, cls.version == version)
        return list(session.scalars(signatures.order_by(cls.signed_at, cls.role)))


class Decision(Table):
    """A decision on one version of a plan: asked for when all have signed, then made once."""

    __tablename__ = "decisions"
    __table_args__ = (
        _of_plan_version(),
        CheckConstraint(
            "num_nonnulls(outcome, decider_id, reasons, decided_at) IN (0, 4)",
            name="made_with_reasons",
        ),
    )
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    rung: Mapped[Rung]
    total_pence: Mapped[int]  # what the plan costs
    indicative_pence: Mapped[int]  # what the person was told to plan with
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    outcome: Mapped[DecisionOutcome | None] = mapped_column(default=None)
    decider_id: Mapped[UUID | None] = mapped_column(default=None)
    reasons: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
