"""The table of crises."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.tables import Table


class CrisisActivation(Table):
    """A time during which a person's crisis plan is in force."""

    __tablename__ = "crisis_activations"
    __table_args__ = (
        Index(
            "crisis_activations_one_at_a_time_key",
            "referral_id",
            unique=True,
            postgresql_where=text("stood_down_at IS NULL"),
        ),
        CheckConstraint("stood_down_at >= activated_at", name="ends_after_its_start"),
    )
    activation_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.plan_id"))
    activated_by_role: Mapped[str]
    activated_at: Mapped[datetime]
    stood_down_at: Mapped[datetime | None] = mapped_column(default=None)
