"""Payees, which items they are paid for, and what funders agreed about them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.payees import accounts
from services.payments.payees.accounts import Account
from services.payments.payees.rules import Funder, Relationship
from services.payments.tables import Table


class Payee(Table):
    """Somebody who is paid through the bank. Paid only while ``is_confirmed``."""

    __tablename__ = "payees"
    __table_args__ = (
        CheckConstraint("confirmed_by <> details_by", name="confirmed_by_another"),
        CheckConstraint(
            "person_id IS NOT NULL OR relationship = 'supplier'", name="person_unless_supplier"
        ),
    )
    payee_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)  # the name as it is compared
    person_id: Mapped[UUID | None] = mapped_column(index=True)
    relationship: Mapped[Relationship]
    is_same_household: Mapped[bool]
    sealed_account: Mapped[str]
    details_version: Mapped[int]
    details_by: Mapped[UUID]
    details_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(default=None)  # these details
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)

    def account(self) -> Account:
        return accounts.unseal(
            self.sealed_account, payee_id=self.payee_id, version=self.details_version
        )

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_by is not None


class ItemPayee(Table):
    """Which payee an item is paid to, where its name alone does not say.

    Nobody is paid for the item until a second person has confirmed it.
    """

    __tablename__ = "item_payees"
    __table_args__ = (CheckConstraint("confirmed_by <> linked_by", name="confirmed_by_another"),)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("plan_items.item_id"), primary_key=True)
    payee_id: Mapped[UUID] = mapped_column(ForeignKey("payees.payee_id"))
    linked_by: Mapped[UUID]
    linked_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None] = mapped_column(default=None)  # this payee
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_by is not None


class PayeeAgreement(Table):
    """A funder agreed to pay somebody whom its rules leave out as a rule."""

    __tablename__ = "payee_agreements"
    agreement_id: Mapped[UUID] = mapped_column(primary_key=True)
    payee_id: Mapped[UUID] = mapped_column(ForeignKey("payees.payee_id"), index=True)
    funder: Mapped[Funder]
    agreed_by: Mapped[UUID]
    reason: Mapped[str]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
