"""The tables of support plans."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, exists, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.referrals.models import Referral
from services.assessment.support_plans.rules import InterviewMode, PlanState
from services.assessment.tables import Table
from shared.errors import NotKnownYetError


class Plan(Table):
    """One support plan, of which each version is kept."""

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("approved_version <= version", name="approved_what_exists"),
        CheckConstraint(
            "budget_id IS NULL OR approved_version IS NOT NULL", name="budget_was_approved"
        ),
    )
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), unique=True)
    state: Mapped[PlanState]  # of the latest version
    version: Mapped[int]  # the latest
    approved_version: Mapped[int | None] = mapped_column(default=None)
    budget_id: Mapped[UUID | None] = mapped_column(default=None)  # the same for every version

    @classmethod
    def locked(cls, plan_id: UUID, *, session: Session) -> tuple[Self, Referral]:
        """Return a plan and its referral, both locked until the transaction ends.

        Raises:
            NotKnownYetError: it has not arrived; its id is the caller's.
        """
        referral_id = session.scalar(select(cls.referral_id).where(cls.plan_id == plan_id))
        if referral_id is None:
            raise NotKnownYetError("This plan is not here yet.", plan_id=str(plan_id))
        referral = Referral.locked(referral_id, session=session)
        plan = session.get_one(cls, plan_id, with_for_update=True, populate_existing=True)
        return plan, referral

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> Self | None:
        """Return the plan of a referral, if there is one."""
        return session.scalar(select(cls).where(cls.referral_id == referral_id))


class PlanVersion(Table):
    """One version of a plan: what is signed and decided on. It never changes."""

    __tablename__ = "plan_versions"
    __table_args__ = (
        CheckConstraint("total_pence >= 0", name="costs_nothing_less"),
        CheckConstraint(
            "(crisis_plan IS NULL) <> (crisis_plan_declined_because IS NULL)",
            name="crisis_plan_or_why_not",
        ),
    )
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.plan_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content_sha256: Mapped[str]
    total_pence: Mapped[int]
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    preferences: Mapped[dict[str, str | None]] = mapped_column(JSONB)
    six_features: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    risks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    risk_of_doing_nothing: Mapped[str]
    wanted_but_unavailable: Mapped[list[dict[str, str | None]]] = mapped_column(JSONB)
    crisis_plan: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    crisis_plan_declined_because: Mapped[str | None]
    drafted_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def all_of(cls, plan_id: UUID, *, session: Session) -> list[Self]:
        """Return every version of a plan, the first one first."""
        versions = select(cls).where(cls.plan_id == plan_id)
        return list(session.scalars(versions.order_by(cls.version)))


class PlanGoal(Table):
    """What the person wants to come of a version of their plan."""

    __tablename__ = "plan_goals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["plan_id", "version"], ["plan_versions.plan_id", "plan_versions.version"]
        ),
    )
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]  # the person's own order
    words: Mapped[str]

    @classmethod
    def of(cls, plan_id: UUID, version: int, *, session: Session) -> list[Self]:
        """Return a version's goals in the person's order."""
        goals = select(cls).where(cls.plan_id == plan_id, cls.version == version)
        return list(session.scalars(goals.order_by(cls.position)))


class PlanItem(Table):
    """One thing that a version of a plan pays for."""

    __tablename__ = "plan_items"
    __table_args__ = (
        ForeignKeyConstraint(
            ["plan_id", "version"], ["plan_versions.plan_id", "plan_versions.version"]
        ),
        CheckConstraint("unit_cost_pence > 0", name="costs_something"),
        CheckConstraint("occurrences >= 1", name="happens"),
        CheckConstraint("rail IN ('card', 'bacs', 'invoice')", name="rail_exists"),
        CheckConstraint("payer IN ('joint', 'nhs', 'council')", name="payer_exists"),
        CheckConstraint("merchant_category_code ~ '^[0-9]{4}$'", name="category_code_has_digits"),
        CheckConstraint("jsonb_array_length(goal_ids) >= 1", name="serves_a_goal"),
        Index(None, "item_id"),
    )
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]  # the person's own order
    goal_ids: Mapped[list[str]] = mapped_column(JSONB)
    part_id: Mapped[UUID]
    category: Mapped[str]
    description: Mapped[str]
    unit_cost_pence: Mapped[int]
    occurrences: Mapped[int]
    frequency: Mapped[str]
    rail: Mapped[str]
    payee: Mapped[str]
    merchant_category_code: Mapped[str | None]
    payer: Mapped[str]
    instead_of: Mapped[str | None]
    rationale: Mapped[str]

    @classmethod
    def of(cls, plan_id: UUID, version: int, *, session: Session) -> list[Self]:
        """Return a version's items in the person's order."""
        items = select(cls).where(cls.plan_id == plan_id, cls.version == version)
        return list(session.scalars(items.order_by(cls.position)))

    @classmethod
    def is_elsewhere(cls, item_ids: Collection[str], *, plan_id: UUID, session: Session) -> bool:
        """Say whether one of these is an item of another plan, in whichever version."""
        others = select(cls.item_id).where(cls.item_id.in_(item_ids), cls.plan_id != plan_id)
        return session.scalar(others.limit(1)) is not None


class Interview(Table):
    """The person and their broker talked over what the person wants."""

    __tablename__ = "interviews"
    interview_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    broker_id: Mapped[UUID]
    held_on: Mapped[date]
    mode: Mapped[InterviewMode]
    place: Mapped[str]
    attendees: Mapped[list[str]] = mapped_column(JSONB)
    person_words: Mapped[str]
    request_sha256: Mapped[str]
    recorded_at: Mapped[datetime]

    @classmethod
    def is_held(cls, referral_id: UUID, *, session: Session) -> bool:
        return bool(session.scalar(select(exists().where(cls.referral_id == referral_id))))

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return the interviews of a case, the first one first."""
        interviews = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(interviews.order_by(cls.held_on, cls.recorded_at)))
