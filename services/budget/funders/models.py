"""Organisations and persons whose money it is, and their pools."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.funders.rules import FunderKind
from services.budget.tables import Table


class Funder(Table):
    """An organisation, or a person, with a book of its own. Of a person nothing but the id."""

    __tablename__ = "funders"
    __table_args__ = (
        UniqueConstraint("funder_id", "kind", name="funders_funder_id_kind_key"),
        CheckConstraint("(kind = 'person') = (code IS NULL)", name="code_of_organisations"),
        CheckConstraint("(kind = 'person') = (name IS NULL)", name="name_of_organisations"),
        CheckConstraint("kind <> 'person' OR organisation IS NULL", name="staff_of_organisations"),
    )
    funder_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[FunderKind]
    code: Mapped[str | None] = mapped_column(unique=True, default=None)
    name: Mapped[str | None] = mapped_column(default=None)
    # Whose staff see this side of the money. Of whom an earlier release registered: nobody's yet.
    organisation: Mapped[str | None] = mapped_column(index=True, default=None)


class FunderContact(Table):
    """Who at an organisation hears of what concerns its money; of each the newest only."""

    __tablename__ = "funder_contacts"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint("(name IS NULL) = (email IS NULL)", name="name_with_address"),
    )
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    version: Mapped[int]
    name: Mapped[str | None]
    email: Mapped[str | None]


class Pool(Table):
    """A pooled fund: who hosts it, and under which agreement."""

    __tablename__ = "pools"
    __table_args__ = (CheckConstraint("ends_on > starts_on", name="ends_after_start"),)
    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    agreement_reference: Mapped[str]
    host_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class PoolPartner(Table):
    """An organisation that takes part in a pool."""

    __tablename__ = "pool_partners"
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.pool_id"), primary_key=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
