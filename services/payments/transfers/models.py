"""Transfers: of a purchase there may be several, one for each invoice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table
from services.payments.transfers.rules import TransferState


class Transfer(Table):
    """Money on its way to a payee. Its id is the reference at the bank."""

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint(
            "(purchase_id IS NULL) <> (budget_id IS NULL)", name="purchase_or_direct_payment"
        ),
        # The same invoice is ordered once, whichever purchase it is said to be for. What the bank
        # has paid all the same is kept, and looked at.
        Index(
            "transfers_invoice_key",
            "payee_id",
            "invoice_key",
            "amount_pence",
            unique=True,
            postgresql_where=text("invoice_key IS NOT NULL AND state IN ('ordered', 'accepted')"),
        ),
        Index("transfers_supplier_key_invoice_key_ix", "supplier_key", "invoice_key"),
    )
    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("purchases.purchase_id"), index=True
    )
    budget_id: Mapped[UUID | None]  # of a direct payment, which is no purchase here
    payee_id: Mapped[UUID] = mapped_column(ForeignKey("payees.payee_id"))
    amount_pence: Mapped[int]
    ordered_at: Mapped[datetime]
    supplier_key: Mapped[str]  # the payee's name as it is compared
    invoice_number: Mapped[str | None] = mapped_column(default=None)
    invoice_key: Mapped[str | None] = mapped_column(default=None)  # as it is compared
    not_a_repeat_because: Mapped[str | None] = mapped_column(default=None)
    state: Mapped[TransferState] = mapped_column(default=TransferState.ORDERED)
    payment_order_id: Mapped[str | None] = mapped_column(default=None)
    failure_reason: Mapped[str | None] = mapped_column(default=None)
