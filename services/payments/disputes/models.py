"""Disputes, one for each capture at a time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.disputes.rules import OPEN, DisputeState, IssuerStatus, Reason
from services.payments.tables import Table


class Dispute(Table):
    """Money asked back; what the issuer credits before it is decided is nobody's to spend."""

    __tablename__ = "disputes"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("credited_pence >= 0", name="credited_not_negative"),
        Index(
            "disputes_one_of_a_capture_key",
            "presentment_id",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("disputes_drafts_ix", "submit_by", postgresql_where=text("state = 'draft'")),
    )
    dispute_id: Mapped[UUID] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), index=True)
    presentment_id: Mapped[str] = mapped_column(ForeignKey("presentments.presentment_id"))
    amount_pence: Mapped[int]
    submit_by: Mapped[datetime]
    opened_at: Mapped[datetime]
    # Null where somebody opened it at the issuer and not here.
    reason: Mapped[Reason | None]
    words: Mapped[str | None]
    opened_by: Mapped[UUID | None]
    evidence: Mapped[list[str]] = mapped_column(ARRAY(String))
    state: Mapped[DisputeState] = mapped_column(default=DisputeState.DRAFT)
    submitted_by: Mapped[UUID | None] = mapped_column(default=None)
    withdrawn_by: Mapped[UUID | None] = mapped_column(default=None)
    withdrawn_because: Mapped[str | None] = mapped_column(default=None)
    # The issuer's view of it.
    issuer_dispute_id: Mapped[str | None] = mapped_column(unique=True, default=None)
    issuer_status: Mapped[IssuerStatus] = mapped_column(default=IssuerStatus.UNSUBMITTED)
    steps: Mapped[int] = mapped_column(default=0)
    credited_pence: Mapped[int] = mapped_column(default=0)
    loss_reason: Mapped[str | None] = mapped_column(default=None)

    @property
    def open_pence(self) -> int:
        """What it asks back and nobody has decided about."""
        return self.amount_pence if self.state in OPEN else 0

    @property
    def reinstated_pence(self) -> int:
        """What the issuer has credited for the time being, and may take back."""
        return self.credited_pence if self.state in OPEN else 0
