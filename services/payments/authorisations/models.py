"""Authorisations of the cards, by the issuer's ids."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.authorisations.rules import AuthorisationStatus, Outcome, Snapshot
from services.payments.tables import Table


class Authorisation(Table):
    """What we approved, and the issuer's newest view; until there is one, status is null."""

    __tablename__ = "authorisations"
    __table_args__ = (
        CheckConstraint("amount_pence >= 0", name="amount_not_negative"),
        Index(
            "authorisations_open_ix",
            "look_at",
            postgresql_where=text("status IS NULL OR status = 'pending'"),
        ),
    )
    authorisation_id: Mapped[str] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), index=True)
    look_at: Mapped[
        datetime
    ]  # when to ask the issuer how it stands, if nothing is heard until then
    approvals_pence: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default_factory=list)
    status: Mapped[AuthorisationStatus | None] = mapped_column(default=None)
    is_approved: Mapped[bool] = mapped_column(default=False)
    amount_pence: Mapped[int] = mapped_column(default=0)
    requests: Mapped[list[str]] = mapped_column(ARRAY(String), default_factory=list)
    transaction_count: Mapped[int] = mapped_column(default=0)
    ended_with: Mapped[list[str] | None] = mapped_column(ARRAY(String), default=None)
    fetched_at: Mapped[datetime | None] = mapped_column(default=None)  # of a view we asked for

    @property
    def snapshot(self) -> Snapshot | None:
        return snapshot_of(self)

    @snapshot.setter
    def snapshot(self, seen: Snapshot) -> None:
        self.status = seen.status
        self.is_approved = seen.is_approved
        self.amount_pence = seen.amount_pence
        self.requests = [outcome.value for outcome in seen.requests]
        self.transaction_count = seen.transaction_count


def snapshot_of(row: Any) -> Snapshot | None:
    """Return the issuer's newest view of an authorisation, or of a row with these columns."""
    if row.status is None:
        return None
    return Snapshot(
        is_approved=row.is_approved,
        status=AuthorisationStatus(row.status),
        amount_pence=row.amount_pence,
        requests=tuple(map(Outcome, row.requests)),
        transaction_count=row.transaction_count,
    )
