"""Cards of others and what was told of them. None of it is money of ours."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table


class ObservedCard(Table):
    """A card that somebody else issued to a person, who spends a direct payment with it."""

    __tablename__ = "observed_cards"
    card_id: Mapped[UUID] = mapped_column(primary_key=True)
    issuer_card_id: Mapped[str] = mapped_column(unique=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("plans.budget_id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("plan_items.item_id"))
    person_id: Mapped[UUID] = mapped_column(index=True)
    registered_by: Mapped[UUID]
    registered_at: Mapped[datetime]


class ObservedTransaction(Table):
    """A capture or a refund on such a card: evidence, and never booked."""

    __tablename__ = "observed_transactions"
    __table_args__ = (CheckConstraint("amount_pence >= 0", name="amount_not_negative"),)
    transaction_id: Mapped[str] = mapped_column(primary_key=True)
    card_id: Mapped[UUID] = mapped_column(ForeignKey("observed_cards.card_id"), index=True)
    is_refund: Mapped[bool]
    amount_pence: Mapped[int]
    heard_at: Mapped[datetime]
