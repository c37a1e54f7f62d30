"""Our copy of contact facts. What a later version says replaces what an earlier one said."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.people.rules import Channel, usable_channels
from services.notifications.tables import Table


class Person(Table):
    """How somebody is called and reached."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("version >= 1", name="version_counts"),)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    given_name: Mapped[str]
    family_name: Mapped[str]
    language: Mapped[str]
    is_interpreter_required: Mapped[bool]
    accessible_format: Mapped[str | None]
    mobile: Mapped[str | None]
    email: Mapped[str | None]
    address_lines: Mapped[list[str]] = mapped_column(JSONB)  # the last one is the postcode
    preferred_channel: Mapped[Channel]
    is_safe_to_text: Mapped[bool]

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def usable_channels(self) -> frozenset[Channel]:
        return usable_channels(
            mobile=self.mobile,
            is_safe_to_text=self.is_safe_to_text,
            email=self.email,
            address_lines=self.address_lines,
        )


class NamedContact(Table):
    """Whom a person can ask: of their care team, the one that messages name."""

    __tablename__ = "named_contacts"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_counts"),
        CheckConstraint("(name IS NULL) = (role IS NULL)", name="name_with_role"),
    )
    person_id: Mapped[UUID] = mapped_column(primary_key=True)  # may be known before the person is
    version: Mapped[int]
    name: Mapped[str | None]
    role: Mapped[str | None]  # in words


class Death(Table):
    """Somebody who has died: from then on nothing is sent in their name or to them."""

    __tablename__ = "deaths"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)  # may be known before the person is
    died_on: Mapped[date]
