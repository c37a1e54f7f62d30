"""Our copy of who is written to at an organisation that pays."""

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.tables import Sealed, Table


class FunderContact(Table):
    """Who at an organisation hears of what concerns its money."""

    __tablename__ = "funder_contacts"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint("(name IS NULL) = (email IS NULL)", name="name_with_address"),
    )
    funder_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str | None] = mapped_column(Sealed("funder_contacts.name"))
    email: Mapped[str | None] = mapped_column(Sealed("funder_contacts.email"))  # at work
