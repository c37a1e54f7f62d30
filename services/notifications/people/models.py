"""Our copy of contact facts. What a later version says replaces what an earlier one said."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.notifications.people.rules import Channel, usable_channels
from services.notifications.tables import Sealed, Table

# What a transaction has found out already: each rule asks for it, and it is asked once.
_SURVIVORS, _EVERY_ID = "survivors", "every_id"


class Person(Table):
    """How somebody is called and reached."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("version >= 1", name="version_counts"),)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    given_name: Mapped[str] = mapped_column(Sealed("people.given_name"))
    family_name: Mapped[str] = mapped_column(Sealed("people.family_name"))
    language: Mapped[str]
    is_interpreter_required: Mapped[bool]
    accessible_format: Mapped[str | None]
    mobile: Mapped[str | None] = mapped_column(Sealed("people.mobile"))
    email: Mapped[str | None] = mapped_column(Sealed("people.email"))
    # The last line is the postcode.
    address_lines: Mapped[list[str]] = mapped_column(Sealed("people.address_lines"))
    preferred_channel: Mapped[Channel]
    is_safe_to_text: Mapped[bool]
    safe_contact_said_on: Mapped[date | None] = mapped_column(default=None)
    safe_from: Mapped[str | None] = mapped_column(default=None)  # 09:30, in London
    safe_until: Mapped[str | None] = mapped_column(default=None)
    nhs_number: Mapped[str | None] = mapped_column(Sealed("people.nhs_number"), default=None)

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def called_by(self, channel: Channel) -> str:
        """Return the name by which a message calls them: a text has room for one of them."""
        return (self.given_name or self.full_name) if channel is Channel.SMS else self.full_name

    @property
    def addresses(self) -> dict[Channel, str]:
        """The address for each channel that has one, in one line."""
        known = {
            Channel.SMS: self.mobile,
            Channel.EMAIL: self.email,
            Channel.LETTER: " ".join(self.address_lines),
        }
        return {channel: address for channel, address in known.items() if address}

    @property
    def usable_channels(self) -> frozenset[Channel]:
        """The channels with an address; whether texts are safe is as assessment told."""
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
    name: Mapped[str | None] = mapped_column(Sealed("named_contacts.name"))
    role: Mapped[str | None]  # in words


class ActingFor(Table):
    """Who may act for a person, now or later: all of them, as assessment told."""

    __tablename__ = "representatives"
    __table_args__ = (CheckConstraint("version >= 1", name="version_counts"),)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    acting: Mapped[list[dict[str, Any]]] = mapped_column(Sealed("representatives.acting"))


class CareTeam(Table):
    """Who works with a person, with their work addresses: all of them, as assessment told."""

    __tablename__ = "care_teams"
    __table_args__ = (CheckConstraint("version >= 1", name="version_counts"),)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    members: Mapped[list[dict[str, Any]]] = mapped_column(Sealed("care_teams.members"))


class MergedPerson(Table):
    """Two ids of one person: what is known under the other one counts for both."""

    __tablename__ = "merged_people"
    __table_args__ = (CheckConstraint("merged_person_id <> person_id", name="into_another"),)
    merged_person_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)  # it may have been merged itself since


def surviving_id(person_id: UUID, *, session: Session) -> UUID:
    """Return the id under which a person's facts count: their own, unless it was merged."""
    known: dict[UUID, UUID] = session.info.setdefault(_SURVIVORS, {})
    if person_id not in known:
        merged = session.get(MergedPerson, person_id)
        known[person_id] = (
            person_id if merged is None else surviving_id(merged.person_id, session=session)
        )
    return known[person_id]


def every_id(person_id: UUID, *, session: Session) -> list[UUID]:
    """Return each id that a person has or had, given any of them; the surviving one first."""
    known: dict[UUID, list[UUID]] = session.info.setdefault(_EVERY_ID, {})
    survivor = surviving_id(person_id, session=session)
    if survivor not in known:
        ids = [survivor]
        for one in ids:
            merged = select(MergedPerson.merged_person_id).where(MergedPerson.person_id == one)
            ids.extend(session.scalars(merged.order_by(MergedPerson.merged_person_id)))
        known[survivor] = ids
    return list(known[survivor])


def forget_ids(session: Session) -> None:
    """Read anew which ids are one person's: two have been merged in this transaction."""
    session.info.pop(_SURVIVORS, None)
    session.info.pop(_EVERY_ID, None)


class Death(Table):
    """Somebody who has died: from then on nothing is sent in their name or to them."""

    __tablename__ = "deaths"
    __table_args__ = (CheckConstraint("version >= 1", name="version_counts"),)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)  # may be known before the person is
    version: Mapped[int]
    died_on: Mapped[date | None]  # None: it was recorded wrongly, the person lives

    @classmethod
    def is_known(cls, person_id: UUID, *, session: Session) -> bool:
        """Tell whether a person has died, as far as we know, under any of their ids."""
        ids = every_id(person_id, session=session)
        deaths = select(cls).where(cls.person_id.in_(ids), cls.died_on.is_not(None))
        return session.scalars(deaths.limit(1)).first() is not None
