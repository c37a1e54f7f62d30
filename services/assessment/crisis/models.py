"""The tables of crises, and of how long they were prolonged."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.crisis.rules import ActivatedBy, EndedBy
from services.assessment.tables import Table

_IN_FORCE = text("stood_down_at IS NULL")


class Crisis(Table):
    """A time during which a person's crisis plan is in force."""

    __tablename__ = "crises"
    __table_args__ = (
        Index("crises_one_at_a_time_key", "referral_id", unique=True, postgresql_where=_IN_FORCE),
        Index("crises_hand_back_on_ix", "hand_back_on", postgresql_where=_IN_FORCE),
        CheckConstraint("stood_down_at >= activated_at", name="ends_after_its_start"),
        CheckConstraint("cap_pence >= 0", name="cap_not_negative"),
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint(
            "(stood_down_at IS NULL) = (stood_down_by IS NULL)", name="somebody_ended_it"
        ),
    )
    crisis_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.plan_id"))
    budget_id: Mapped[UUID | None]  # a plan without money has none
    activated_by: Mapped[ActivatedBy]
    happened: Mapped[str]
    substitute_manager: Mapped[str | None]  # as the person named them in the plan
    cap_pence: Mapped[int]  # of the funders' reserve
    activated_at: Mapped[datetime]
    hand_back_on: Mapped[date]
    request_sha256: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)  # rises with each thing told of it
    stood_down_at: Mapped[datetime | None] = mapped_column(default=None)
    stood_down_by: Mapped[EndedBy | None] = mapped_column(default=None)

    @classmethod
    def in_force(cls, referral_id: UUID, *, session: Session) -> Self | None:
        """Return the crisis that goes on, if there is one. The caller has locked the case."""
        going_on = select(cls).where(cls.referral_id == referral_id, cls.stood_down_at.is_(None))
        return session.scalar(going_on.execution_options(populate_existing=True))


class CrisisProlongation(Table):
    """Somebody said that a crisis goes on, why, and until when."""

    __tablename__ = "crisis_prolongations"
    __table_args__ = (CheckConstraint("hand_back_on > hands_back_before", name="to_a_later_day"),)
    prolongation_id: Mapped[UUID] = mapped_column(primary_key=True)
    crisis_id: Mapped[UUID] = mapped_column(ForeignKey("crises.crisis_id"), index=True)
    prolonged_by: Mapped[ActivatedBy]
    hands_back_before: Mapped[date]  # the day that was set until then
    hand_back_on: Mapped[date]
    reason: Mapped[str]
    prolonged_at: Mapped[datetime]
    request_sha256: Mapped[str]

    @classmethod
    def of(cls, crisis_id: UUID, *, session: Session) -> list[Self]:
        """Return how often a crisis was prolonged, the first time first."""
        prolonged = select(cls).where(cls.crisis_id == crisis_id)
        return list(session.scalars(prolonged.order_by(cls.hand_back_on)))
