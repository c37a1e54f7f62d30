"""Card policies, each with the day from which it applies."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table


class KeptCardPolicy(Table):
    """What somebody decided about cards. None is changed: a later one takes its place."""

    __tablename__ = "card_policies"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint(
            "tolerance_basis_points BETWEEN 0 AND 10000 AND tolerance_cap_pence >= 0",
            name="tolerance_in_range",
        ),
        CheckConstraint(
            "payments_of_a_card >= 2 AND close_after_days >= 0", name="counts_in_range"
        ),
    )
    policy_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(unique=True)
    tolerance_basis_points: Mapped[int]
    tolerance_cap_pence: Mapped[int]
    allowed_countries: Mapped[list[str] | None] = mapped_column(ARRAY(String))
    locks_at_issuer: Mapped[bool]
    payments_of_a_card: Mapped[int]
    close_after_days: Mapped[int]
    applies_from: Mapped[date]
    set_by: Mapped[UUID]
    why: Mapped[str]
    set_at: Mapped[datetime]
