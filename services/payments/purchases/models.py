"""A purchase, with what the ledger said of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.entitlements.rules import Rail
from services.payments.purchases.rules import PurchaseState
from services.payments.tables import Table


class Purchase(Table):
    """One occurrence of an item, bought once."""

    __tablename__ = "purchases"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("held_pence >= 0", name="held_not_negative"),
        CheckConstraint("posted_pence >= 0", name="posted_not_negative"),
        CheckConstraint("unmatched_pence >= 0", name="unmatched_not_negative"),
        CheckConstraint(
            "disputed_pence >= 0 AND reinstated_pence >= 0", name="disputed_not_negative"
        ),
        CheckConstraint("posted_pence <= captured_pence", name="posted_within_captured"),
        Index(
            "purchases_not_evidenced_ix",
            "completed_at",
            postgresql_where=text("completed_at IS NOT NULL AND evidenced_at IS NULL"),
        ),
    )
    purchase_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("plans.budget_id"), index=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("plan_items.item_id"), index=True)
    person_id: Mapped[UUID]
    requested_by: Mapped[UUID]
    instruction: Mapped[str]
    amount_pence: Mapped[int]
    rail: Mapped[Rail]
    requested_at: Mapped[datetime]
    correlation_id: Mapped[UUID]  # what the issuer and the bank say later belongs to this story
    state: Mapped[PurchaseState] = mapped_column(default=PurchaseState.REQUESTED)
    # Ours, told to the ledger as two absolute amounts with a rising version.
    version: Mapped[int] = mapped_column(default=0)
    held_pence: Mapped[int] = mapped_column(default=0)
    posted_pence: Mapped[int] = mapped_column(default=0)  # net of refunds
    captured_pence: Mapped[int] = mapped_column(default=0)  # before refunds
    unmatched_pence: Mapped[int] = mapped_column(default=0)  # came back, and not certain for what
    # What its open disputes ask back, and what the issuer has credited for the time being: that can
    # be taken back, so it is nobody's to spend and the ledger is not told.
    disputed_pence: Mapped[int] = mapped_column(default=0)
    reinstated_pence: Mapped[int] = mapped_column(default=0)
    # The ledger's, as it told us; what it says of the hold and of the cost can change places.
    hold_version: Mapped[int] = mapped_column(default=0)
    ledger_posted_version: Mapped[int] = mapped_column(default=0)
    ledger_posted_pence: Mapped[int] = mapped_column(default=0)
    available_pence: Mapped[int] = mapped_column(default=0)
    hold_expires_at: Mapped[datetime | None] = mapped_column(default=None)
    completed_at: Mapped[datetime | None] = mapped_column(default=None)
    evidenced_at: Mapped[datetime | None] = mapped_column(default=None)
    reconciled_at: Mapped[datetime | None] = mapped_column(default=None)
    refusal_code: Mapped[str | None] = mapped_column(default=None)
    refusal_reason: Mapped[str | None] = mapped_column(default=None)
    refusal_next_step: Mapped[str | None] = mapped_column(default=None)
    cancelled_because: Mapped[str | None] = mapped_column(default=None)
