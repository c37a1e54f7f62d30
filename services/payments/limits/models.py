"""Limits that were set. None is changed: a later day's row says what is new."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.limits.rules import Limit, Said
from services.payments.tables import Table


class SpendingLimit(Table):
    """What a role may ask for and approve from a day on.

    One that lets the role do more counts once a second person has confirmed it. For a role and a
    day there is at most one that counts and one that waits: a tighter one need not wait with it.
    """

    __tablename__ = "spending_limits"
    __table_args__ = (
        CheckConstraint("asks_up_to_pence >= 0", name="asks_not_negative"),
        CheckConstraint("approves_up_to_pence >= 0", name="approves_not_negative"),
        CheckConstraint("counts_for_days > 0", name="counts_for_days_positive"),
        CheckConstraint("confirmed_by <> set_by", name="two_people"),
        CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)"
            " AND counts = (confirmed_by IS NOT NULL OR loosens = '{}')",
            name="counts_when_confirmed",
        ),
    )
    role: Mapped[str] = mapped_column(primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    counts: Mapped[bool] = mapped_column(primary_key=True)
    asks_up_to_pence: Mapped[int]
    approves_up_to_pence: Mapped[int]
    counts_for_days: Mapped[int]
    set_by: Mapped[UUID]
    reason: Mapped[str]
    set_at: Mapped[datetime]
    loosens: Mapped[list[str]] = mapped_column(ARRAY(String))  # by what; seen when it was set
    confirmed_by: Mapped[UUID | None] = mapped_column(default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)

    def as_rule(self) -> Limit:
        return Limit(
            asks_up_to_pence=self.asks_up_to_pence,
            approves_up_to_pence=self.approves_up_to_pence,
            counts_for_days=self.counts_for_days,
        )

    def as_said(self) -> Said[Limit]:
        return Said(
            rule=self.as_rule(),
            at=self.confirmed_at or self.set_at,
            is_by_two=self.confirmed_by is not None,
        )
