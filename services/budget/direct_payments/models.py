"""Schedules and payments. Nothing here is changed: a later row says what is new."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.direct_payments.rules import Recurrence
from services.budget.money_routes.rules import Payee
from services.budget.tables import Table


class Schedule(Table):
    """How much is paid for an item, and how often; a later one of the item ends it."""

    __tablename__ = "direct_payment_schedules"
    __table_args__ = (
        UniqueConstraint("item_id", "number", name="direct_payment_schedules_item_id_number_key"),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("actor <> ''", name="actor_told"),
    )
    schedule_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("budget_items.item_id"))
    number: Mapped[int]  # of the item, from 1
    recurrence: Mapped[Recurrence]
    amount_pence: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the first day for which nothing is paid
    actor: Mapped[str]
    recorded_at: Mapped[datetime]


class DirectPayment(Table):
    """A payment for one period. It is a hold too, whose portions say who paid what of it."""

    __tablename__ = "direct_payments"
    __table_args__ = (
        UniqueConstraint(
            "schedule_id",
            "period_starts_on",
            name="direct_payments_schedule_id_period_starts_on_key",
        ),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("actor <> ''", name="actor_told"),
    )
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("holds.purchase_id"), primary_key=True)
    schedule_id: Mapped[UUID] = mapped_column(ForeignKey("direct_payment_schedules.schedule_id"))
    period_starts_on: Mapped[date]
    amount_pence: Mapped[int]
    payee: Mapped[Payee]
    account_reference: Mapped[str]  # an opaque token
    actor: Mapped[str]
    paid_at: Mapped[datetime]


class UnpaidDirectPayment(Table):
    """Why a payment that was due was not made, told once for each reason."""

    __tablename__ = "unpaid_direct_payments"
    schedule_id: Mapped[UUID] = mapped_column(
        ForeignKey("direct_payment_schedules.schedule_id"), primary_key=True
    )
    period_starts_on: Mapped[date] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]
