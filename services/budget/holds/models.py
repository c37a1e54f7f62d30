"""Holds, and each funder's portion of them. The bookkeeper writes them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    text,
)
from sqlalchemy import func as sql
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.tables import Table


class Hold(Table):
    """Money set aside for one purchase, and what the purchase has cost."""

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("asked_pence > 0", name="asked_positive"),
        CheckConstraint("held_pence >= 0", name="held_not_negative"),
        CheckConstraint("posted_pence >= 0", name="posted_not_negative"),
        CheckConstraint("unmatched_pence >= 0", name="unmatched_not_negative"),
        CheckConstraint("expired_at IS NULL OR held_pence = 0", name="expired_holds_nothing"),
        Index("holds_expires_at_ix", "expires_at", postgresql_where=text("held_pence > 0")),
    )
    purchase_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("budget_items.item_id"))
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreements.agreement_id"), index=True)
    asked_pence: Mapped[int]
    held_pence: Mapped[int]
    posted_pence: Mapped[int]
    expires_at: Mapped[datetime]
    version: Mapped[int]
    amounts_version: Mapped[int]  # of what payments said last
    unmatched_pence: Mapped[int]  # came back beyond what was captured
    expired_at: Mapped[datetime | None]


class HoldPortion(Table):
    """What one funder has of a hold."""

    __tablename__ = "hold_portions"
    __table_args__ = (
        CheckConstraint("asked_pence >= 0", name="asked_not_negative"),
        CheckConstraint("held_pence >= 0", name="held_not_negative"),
        CheckConstraint("posted_pence >= 0", name="posted_not_negative"),
        CheckConstraint("overspent_pence >= 0", name="overspent_not_negative"),
    )
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("holds.purchase_id"), primary_key=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    asked_pence: Mapped[int]
    held_pence: Mapped[int]
    posted_pence: Mapped[int]
    overspent_pence: Mapped[int]
    advanced_pence: Mapped[int]  # paid by the host in its place; below nothing: owed by the host


class HeldAmount(Table):
    """What one funder's portion held from an instant on; the bookkeeper writes it."""

    __tablename__ = "held_amounts"
    place: Mapped[int] = mapped_column(Identity(always=True), primary_key=True, init=False)
    purchase_id: Mapped[UUID] = mapped_column(index=True)
    funder_id: Mapped[UUID]
    held_pence: Mapped[int]
    recorded_at: Mapped[datetime] = mapped_column(server_default=sql.clock_timestamp(), init=False)


class RefusedHold(Table):
    """A purchase that got no hold, so that a repeat gets the same answer."""

    __tablename__ = "refused_holds"
    purchase_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]
