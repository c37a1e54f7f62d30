"""Captures and refunds by the issuer's ids, and what of them belongs to no purchase."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table


class Presentment(Table):
    """A capture or a refund that the issuer cleared."""

    __tablename__ = "presentments"
    __table_args__ = (
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
        CheckConstraint(
            "(matched_to IS NULL) = (matched_by IS NULL)"
            " AND (matched_to IS NULL) = (matched_at IS NULL)"
            " AND (matched_to IS NULL) = (match_reason IS NULL)",
            name="matched_as_a_whole",
        ),
        CheckConstraint("won_back_pence BETWEEN 0 AND amount_pence", name="won_back_within"),
        Index(
            "presentments_nobodys_ix",
            "issuer_card_id",
            postgresql_where=text("purchase_id IS NULL"),
        ),
    )
    presentment_id: Mapped[str] = mapped_column(primary_key=True)
    # Whose card it came on; null: on a card that belongs to no purchase.
    purchase_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("purchases.purchase_id"), index=True
    )
    issuer_card_id: Mapped[str] = mapped_column(index=True)
    authorisation_id: Mapped[str | None]  # it may come before its authorisation, or have none
    is_refund: Mapped[bool]
    amount_pence: Mapped[int]
    heard_at: Mapped[datetime] = mapped_column(index=True)
    is_reversal: Mapped[bool] = mapped_column(default=False)
    is_foreign: Mapped[bool] = mapped_column(default=False)
    was_card_closed: Mapped[bool] = mapped_column(default=False)
    network_id: Mapped[str | None] = mapped_column(index=True, default=None)
    won_back_pence: Mapped[int] = mapped_column(default=0)  # by a dispute, for good
    # Where a person says that it belongs, whatever card it came on.
    matched_to: Mapped[UUID | None] = mapped_column(
        ForeignKey("purchases.purchase_id"), index=True, default=None
    )
    matched_by: Mapped[UUID | None] = mapped_column(default=None)
    matched_at: Mapped[datetime | None] = mapped_column(default=None)
    match_reason: Mapped[str | None] = mapped_column(default=None)

    @property
    def counted_for(self) -> UUID | None:
        """The purchase whose money it is taken for; a refund may wait there all the same."""
        return self.matched_to or self.purchase_id


class CardMoney(Table):
    """What moved on a card that belongs to no purchase, as it was told to the ledger last."""

    __tablename__ = "card_money"
    __table_args__ = (
        CheckConstraint("taken_pence >= 0 AND returned_pence >= 0", name="not_negative"),
    )
    issuer_card_id: Mapped[str] = mapped_column(primary_key=True)
    card_id: Mapped[UUID] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(default=0)
    taken_pence: Mapped[int] = mapped_column(default=0)
    returned_pence: Mapped[int] = mapped_column(default=0)
