"""Card policies, each with the day from which it applies."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.card_policies.rules import CardPolicy
from services.payments.limits.rules import Said
from services.payments.tables import Table


class KeptCardPolicy(Table):
    """What was decided about cards. None is changed: a later one takes its place.

    One that lets cards do more counts, and has a version, once a second person has confirmed it.
    """

    __tablename__ = "card_policies"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_positive"),
        CheckConstraint("confirmed_by <> set_by", name="two_people"),
        CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)"
            " AND (version IS NULL) = (confirmed_by IS NULL AND loosens <> '{}')",
            name="counts_when_confirmed",
        ),
        CheckConstraint(
            "tolerance_basis_points BETWEEN 0 AND 10000 AND tolerance_cap_pence >= 0",
            name="tolerance_in_range",
        ),
        CheckConstraint(
            "payments_of_a_card >= 2 AND close_after_days >= 0", name="counts_in_range"
        ),
    )
    policy_id: Mapped[UUID] = mapped_column(primary_key=True)
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
    loosens: Mapped[list[str]] = mapped_column(ARRAY(String))  # by what; seen when it was set
    version: Mapped[int | None] = mapped_column(unique=True, default=None)  # in order of counting
    confirmed_by: Mapped[UUID | None] = mapped_column(default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)

    def as_rule(self) -> CardPolicy:
        countries = self.allowed_countries
        return CardPolicy(
            version=self.version or 0,
            tolerance_basis_points=self.tolerance_basis_points,
            tolerance_cap_pence=self.tolerance_cap_pence,
            allowed_countries=tuple(countries) if countries else None,
            locks_at_issuer=self.locks_at_issuer,
            payments_of_a_card=self.payments_of_a_card,
            close_after_days=self.close_after_days,
        )

    def as_said(self) -> Said[CardPolicy]:
        return Said(
            rule=self.as_rule(),
            at=self.confirmed_at or self.set_at,
            is_by_two=self.confirmed_by is not None,
        )
