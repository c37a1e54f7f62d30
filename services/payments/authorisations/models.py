"""Authorisations and presentments of the cards, by the issuer's ids."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.authorisations.rules import AuthorisationStatus, Snapshot
from services.payments.tables import Table


class Authorisation(Table):
    """What we approved, and the issuer's newest view; until there is one, status is null."""

    __tablename__ = "authorisations"
    __table_args__ = (CheckConstraint("amount_pence >= 0", name="amount_not_negative"),)
    authorisation_id: Mapped[str] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), index=True)
    approvals_pence: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default_factory=list)
    status: Mapped[AuthorisationStatus | None] = mapped_column(default=None)
    is_approved: Mapped[bool] = mapped_column(default=False)
    amount_pence: Mapped[int] = mapped_column(default=0)
    request_count: Mapped[int] = mapped_column(default=0)
    confirmed_count: Mapped[int] = mapped_column(default=0)
    transaction_count: Mapped[int] = mapped_column(default=0)

    @property
    def snapshot(self) -> Snapshot | None:
        if self.status is None:
            return None
        return Snapshot(
            is_approved=self.is_approved,
            status=self.status,
            amount_pence=self.amount_pence,
            request_count=self.request_count,
            confirmed_count=self.confirmed_count,
            transaction_count=self.transaction_count,
        )

    @snapshot.setter
    def snapshot(self, seen: Snapshot) -> None:
        self.status = seen.status
        self.is_approved = seen.is_approved
        self.amount_pence = seen.amount_pence
        self.request_count = seen.request_count
        self.confirmed_count = seen.confirmed_count
        self.transaction_count = seen.transaction_count


class Presentment(Table):
    """A capture or a refund that the issuer cleared."""

    __tablename__ = "presentments"
    __table_args__ = (CheckConstraint("amount_pence >= 0", name="amount_not_negative"),)
    presentment_id: Mapped[str] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), index=True)
    authorisation_id: Mapped[str | None]  # it may come before its authorisation, or have none
    is_refund: Mapped[bool]
    amount_pence: Mapped[int]
