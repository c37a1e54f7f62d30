"""Transfers, one for each purchase that is paid through the bank."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table
from services.payments.transfers.rules import TransferState


class Transfer(Table):
    """Money on its way to a payee. The purchase's id is the reference at the bank."""

    __tablename__ = "transfers"
    __table_args__ = (CheckConstraint("amount_pence > 0", name="amount_positive"),)
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), primary_key=True)
    amount_pence: Mapped[int]
    invoice_number: Mapped[str | None]
    ordered_at: Mapped[datetime]
    state: Mapped[TransferState] = mapped_column(default=TransferState.ORDERED)
    payment_order_id: Mapped[str | None] = mapped_column(default=None)
    failure_reason: Mapped[str | None] = mapped_column(default=None)
