"""Exclusions of this organisation, and what each would have refused."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.exclusions.rules import Exclusion, Kind, Strength
from services.payments.tables import Table


class KeptExclusion(Table):
    """An exclusion, proposed by one person and approved by another.

    None is changed: a later one lifts it.
    """

    __tablename__ = "exclusions"
    __table_args__ = (
        CheckConstraint(
            "(lifts IS NULL) = (merchant_category_code IS NOT NULL OR item_category IS NOT NULL)",
            name="says_what",
        ),
        CheckConstraint("approved_by <> set_by", name="two_people"),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)"
            " AND (approved_by IS NULL) = (trial_id IS NULL)"
            " AND (approved_by IS NULL) = (place IS NULL)",
            name="approved_as_a_whole",
        ),
        CheckConstraint("kind <> 'funder' OR funder IS NOT NULL", name="funder_named"),
        CheckConstraint("applies_until >= applies_from", name="period"),
    )
    exclusion_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    strength: Mapped[Strength]
    funder: Mapped[str | None]
    merchant_category_code: Mapped[str | None]
    item_category: Mapped[str | None]
    item_id: Mapped[UUID | None]
    lifts: Mapped[UUID | None]
    applies_from: Mapped[date]
    applies_until: Mapped[date | None]
    set_by: Mapped[UUID]
    source: Mapped[str]
    why: Mapped[str]
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    trial_id: Mapped[UUID | None] = mapped_column(default=None)  # the one that the approver saw
    place: Mapped[int | None] = mapped_column(unique=True, default=None)  # in order of approval

    def as_rule(self) -> Exclusion:
        return Exclusion(
            exclusion_id=self.exclusion_id,
            kind=self.kind,
            strength=self.strength,
            source=self.source,
            why=self.why,
            applies_from=self.applies_from,
            applies_until=self.applies_until,
            funder=self.funder,
            merchant_category_code=self.merchant_category_code,
            item_category=self.item_category,
            item_id=self.item_id,
            lifts=self.lifts,
        )


class ExclusionTrial(Table):
    """What an exclusion would have refused of the last days."""

    __tablename__ = "exclusion_trials"
    __table_args__ = (CheckConstraint("days > 0", name="days_positive"),)
    trial_id: Mapped[UUID] = mapped_column(primary_key=True)
    exclusion_id: Mapped[UUID] = mapped_column(ForeignKey("exclusions.exclusion_id"), index=True)
    days: Mapped[int]
    tried_by: Mapped[UUID]
    tried_at: Mapped[datetime]
    result: Mapped[dict[str, Any]] = mapped_column(JSONB)
