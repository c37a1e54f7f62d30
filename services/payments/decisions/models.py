"""Every decision, with the bytes that were answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table


class Decision(Table):
    """One answer to the card network. The same event again gets ``answer`` again."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
        CheckConstraint("approved_pence BETWEEN 0 AND amount_pence", name="approved_within_asked"),
        Index("decisions_declined_ix", "event_id", postgresql_where=text("NOT is_approved")),
    )
    event_id: Mapped[str] = mapped_column(primary_key=True)
    authorisation_id: Mapped[str]
    purchase_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("purchases.purchase_id"), index=True
    )
    is_approved: Mapped[bool]
    amount_pence: Mapped[int]
    code: Mapped[str]
    reason: Mapped[str]
    next_step: Mapped[str]
    answer: Mapped[bytes]
    decided_at: Mapped[datetime] = mapped_column(index=True)
    approved_pence: Mapped[int]
    policy_version: Mapped[str]  # of the rules, the card policy and the exclusions it rests on
    merchant_category_code: Mapped[str]  # empty: not told in a form that we know
    merchant_country: Mapped[str]
    decided_ms: Mapped[float]  # from the request's arrival until this was about to be written
