"""The tables of decisions: one row for each rung that was asked, one for each item decided on."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.reasons.rules import DecisionOutcome, ItemOutcome
from services.assessment.sign_off.rules import Capacity, Rung
from services.assessment.tables import Table


class Decision(Table):
    """One rung is asked about one version of a plan, and decides once; a later step may follow."""

    __tablename__ = "decisions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["plan_id", "version"], ["plan_versions.plan_id", "plan_versions.version"]
        ),
        UniqueConstraint("plan_id", "version", "step"),
        Index(
            "decisions_one_open_key",
            "plan_id",
            unique=True,
            postgresql_where=text("decided_at IS NULL AND withdrawn_at IS NULL"),
        ),
        CheckConstraint(
            "num_nonnulls(outcome, decider_id, reasons, decided_at) IN (0, 4)",
            name="made_with_reasons",
        ),
        CheckConstraint(
            "outcome NOT IN ('refuse', 'approve_in_part')"
            " OR num_nonnulls(alternatives, appeal_route) = 2",
            name="refused_with_a_way_on",
        ),
    )
    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    version: Mapped[int]
    step: Mapped[int]  # 1 for the first rung asked about this version
    rung: Mapped[Rung]
    total_pence: Mapped[int]  # what the plan costs
    indicative_pence: Mapped[int]  # what the person was told to plan with
    worry: Mapped[str | None]  # why it came to this rung, if somebody was not sure
    skip_because: Mapped[str | None]  # why a rung between was not asked
    barred_ids: Mapped[list[str]] = mapped_column(JSONB)  # who upheld an appeal against the last
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    outcome: Mapped[DecisionOutcome | None] = mapped_column(default=None)
    decider_id: Mapped[UUID | None] = mapped_column(default=None)
    co_signatory_id: Mapped[UUID | None] = mapped_column(default=None)
    attendees: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default_factory=list)
    was_person_present: Mapped[bool | None] = mapped_column(default=None)
    reasons: Mapped[str | None] = mapped_column(default=None)
    evidence: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)
    alternatives: Mapped[str | None] = mapped_column(default=None)
    appeal_route: Mapped[str | None] = mapped_column(default=None)
    backing: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)  # the plan was edited

    @classmethod
    def of(cls, plan_id: UUID, version: int, *, session: Session) -> list[Self]:
        """Return every step of the ladder that was asked about a version, the first one first."""
        steps = select(cls).where(cls.plan_id == plan_id, cls.version == version)
        return list(session.scalars(steps.order_by(cls.step)))

    @classmethod
    def open_one(cls, plan_id: UUID, *, session: Session) -> Self | None:
        """Return the step that waits for its decision."""
        return session.scalar(
            select(cls).where(
                cls.plan_id == plan_id, cls.decided_at.is_(None), cls.withdrawn_at.is_(None)
            )
        )

    @property
    def deciding_ids(self) -> set[UUID]:
        """Everybody who decided here: the decider, a second signatory, members of a meeting."""
        members = {
            UUID(one["attendee_id"]) for one in self.attendees if one["capacity"] != Capacity.GUEST
        }
        return members | {one for one in (self.decider_id, self.co_signatory_id) if one is not None}


class DecidedItem(Table):
    """What was decided about one item, and why."""

    __tablename__ = "decided_items"
    __table_args__ = (
        CheckConstraint("outcome = 'approve' OR reasons IS NOT NULL", name="made_with_reasons"),
    )
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.decision_id"), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    outcome: Mapped[ItemOutcome]
    reasons: Mapped[str | None]

    @classmethod
    def of(cls, decision_id: UUID, *, session: Session) -> list[Self]:
        items = select(cls).where(cls.decision_id == decision_id)
        return list(session.scalars(items.order_by(cls.item_id)))

    def shown(self) -> dict[str, Any]:
        return {"item_id": self.item_id, "outcome": self.outcome, "reasons": self.reasons}
