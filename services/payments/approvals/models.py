"""What approvers said of purchases, each time, with their reasons."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.approvals.rules import Decision
from services.payments.tables import Table


class ApprovalDecision(Table):
    """One answer to one asking; an amended purchase is asked about anew."""

    __tablename__ = "approval_decisions"
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # of the asking, from 1
    decision: Mapped[Decision]
    decided_by: Mapped[UUID]
    reason: Mapped[str]
    amount_pence: Mapped[int]  # that it was about
    counted_pence: Mapped[int]  # that was compared with the approver's limit
    decided_at: Mapped[datetime]
