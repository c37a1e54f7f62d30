"""The table of crises."""

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
    stood_down_at: Mapped[datetime | None] = mapped_column(default=None)
    stood_down_by: Mapped[EndedBy | None] = mapped_column(default=None)

    @classmethod
    def in_force(cls, referral_id: UUID, *, session: Session) -> Self | None:
        """Return the crisis that goes on, if there is one. The caller has locked the case."""
        going_on = select(cls).where(cls.referral_id == referral_id, cls.stood_down_at.is_(None))
        return session.scalar(going_on.execution_options(populate_existing=True))
