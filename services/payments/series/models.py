"""Series, and what became of each of their days."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.series.rules import Every, Period, SeriesKind, SeriesState
from services.payments.tables import Table


class Series(Table):
    """Something that is bought again and again, by one approval."""

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("period_cap_pence >= amount_pence", name="period_cap_enough"),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("approved_by <> requested_by", name="two_people"),
        CheckConstraint("(period IS NULL) = (holder_id IS NOT NULL)", name="allowance_or_cap"),
        Index("series_due_ix", "next_due_on", postgresql_where=text("state = 'active'")),
    )
    series_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("plans.budget_id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("plan_items.item_id"), index=True)
    requested_by: Mapped[UUID]
    instruction: Mapped[str]
    amount_pence: Mapped[int]
    every: Mapped[Every]
    period: Mapped[Period | None]  # None: of a holder's card
    period_cap_pence: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    next_due_on: Mapped[date]
    requested_at: Mapped[datetime]
    state: Mapped[SeriesState] = mapped_column(default=SeriesState.ASKED)
    approved_by: Mapped[UUID | None] = mapped_column(default=None)
    ended_by: Mapped[UUID | None] = mapped_column(default=None)  # None: its last day has passed
    ended_because: Mapped[str | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    holder_id: Mapped[UUID | None] = mapped_column(default=None)  # who has the card themselves

    @property
    def kind(self) -> SeriesKind:
        return SeriesKind.BROKER if self.holder_id is None else SeriesKind.HOLDER


class Occurrence(Table):
    """A day on which something of a series was due: asked for, or why not."""

    __tablename__ = "series_occurrences"
    __table_args__ = (
        CheckConstraint("(purchase_id IS NULL) <> (refusal_code IS NULL)", name="asked_or_not"),
    )
    series_id: Mapped[UUID] = mapped_column(ForeignKey("series.series_id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID | None]
    refusal_code: Mapped[str | None]
