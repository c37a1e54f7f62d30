"""Receipts by their digests, what stands on them, and what is missing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.receipts.commands import MediaType
from services.payments.receipts.restricted_words import Flag
from services.payments.tables import Table


class Receipt(Table):
    """Evidence for a purchase. Its file lies under its digest, where one was sent."""

    __tablename__ = "receipts"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_is_digest"),
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
        CheckConstraint(
            "(stored_at IS NULL) = (media_type IS NULL)"
            " AND (stored_at IS NULL) = (size_bytes IS NULL)",
            name="stored_as_a_whole",
        ),
    )
    receipt_id: Mapped[UUID] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), index=True)
    sha256: Mapped[str]
    amount_pence: Mapped[int]
    attached_at: Mapped[datetime]
    media_type: Mapped[MediaType | None] = mapped_column(default=None)
    size_bytes: Mapped[int | None] = mapped_column(default=None)
    stored_at: Mapped[datetime | None] = mapped_column(
        default=None
    )  # null: only the digest is here


class ReceiptLine(Table):
    """One thing on a receipt, and whether it raises a question."""

    __tablename__ = "receipt_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)
    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("receipts.receipt_id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    description: Mapped[str]
    quantity: Mapped[int]
    total_pence: Mapped[int]
    flag: Mapped[Flag | None]


class NoReceipt(Table):
    """Why there is no receipt for a purchase."""

    __tablename__ = "no_receipts"
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), primary_key=True)
    reason: Mapped[str] = mapped_column()
    said_at: Mapped[datetime]


class ReceiptChase(Table):
    """How often a missing receipt was asked for."""

    __tablename__ = "receipt_chases"
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), primary_key=True)
    reminders: Mapped[int] = mapped_column(default=0)
    reviewed_at: Mapped[datetime | None] = mapped_column(default=None)  # handed to the broker
