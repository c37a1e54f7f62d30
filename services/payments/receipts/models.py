"""Receipts by their digests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table


class Receipt(Table):
    """Evidence for a purchase."""

    __tablename__ = "receipts"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_is_digest"),
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
    )
    receipt_id: Mapped[UUID] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), index=True)
    sha256: Mapped[str]
    amount_pence: Mapped[int]
    attached_at: Mapped[datetime]
