"""What was shown, what came back, went again, and is overdue. Nothing here is changed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.tables import Table


class Return(Table):
    """What the person has shown that an item's money was spent on."""

    __tablename__ = "direct_payment_returns"
    __table_args__ = (
        CheckConstraint("spent_pence > 0", name="spent_positive"),
        CheckConstraint("period_ends_on > period_starts_on", name="ends_after_start"),
        CheckConstraint("actor <> ''", name="actor_told"),
    )
    return_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"))
    item_id: Mapped[UUID] = mapped_column(ForeignKey("budget_items.item_id"), index=True)
    period_starts_on: Mapped[date]
    period_ends_on: Mapped[date]
    spent_pence: Mapped[int]
    evidence_reference: Mapped[str]
    actor: Mapped[str]
    recorded_at: Mapped[datetime]


class ReturnedPayment(Table):
    """What of a payment was paid back, by the bank's reference."""

    __tablename__ = "returned_payments"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("actor <> ''", name="actor_told"),
    )
    payment_id: Mapped[UUID] = mapped_column(
        ForeignKey("direct_payments.payment_id"), primary_key=True
    )
    bank_reference: Mapped[str] = mapped_column(primary_key=True)
    amount_pence: Mapped[int]
    actor: Mapped[str]
    recorded_at: Mapped[datetime]


class PaidAfterFailure(Table):
    """That the bank made a payment after it had failed: what was taken back as not paid is over."""

    __tablename__ = "paid_after_failure"
    __table_args__ = (CheckConstraint("actor <> ''", name="actor_told"),)
    payment_id: Mapped[UUID] = mapped_column(
        ForeignKey("direct_payments.payment_id"), primary_key=True
    )
    actor: Mapped[str]
    recorded_at: Mapped[datetime]


class OverdueReturn(Table):
    """That nothing was shown for the payments of an item since a day, told once."""

    __tablename__ = "overdue_returns"
    item_id: Mapped[UUID] = mapped_column(ForeignKey("budget_items.item_id"), primary_key=True)
    since_on: Mapped[date] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]
