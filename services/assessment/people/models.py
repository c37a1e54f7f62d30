"""The tables of people and their care teams."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.people.rules import Channel, TeamRole
from services.assessment.tables import Table
from shared.errors import NotFoundError


class Person(Table):
    """A person, under an id of our own that says nothing about them."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("nhs_number ~ '^[0-9]{10}$'", name="nhs_number_has_digits"),)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    nhs_number: Mapped[str | None] = mapped_column(unique=True)
    council_client_id: Mapped[str | None] = mapped_column(unique=True)
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date]
    address_lines: Mapped[list[str]] = mapped_column(JSONB)  # the last one is the postcode
    ethnic_category: Mapped[str]
    language: Mapped[str]
    is_interpreter_required: Mapped[bool]
    accessible_format: Mapped[str | None]
    mobile: Mapped[str | None]
    email: Mapped[str | None]
    preferred_channel: Mapped[Channel]
    is_safe_to_text: Mapped[bool]
    registered_at: Mapped[datetime]
    contact_version: Mapped[int] = mapped_column(default=0)  # of what other services are told
    team_version: Mapped[int] = mapped_column(default=0)
    representatives_version: Mapped[int] = mapped_column(default=0)

    @classmethod
    def locked(cls, person_id: UUID, *, session: Session) -> Self:
        """Return a person, locked until the transaction ends.

        Raises:
            NotFoundError: no such person. Their id is ours, so it cannot be on its way.
        """
        person = session.get(cls, person_id, with_for_update=True, populate_existing=True)
        if person is None:
            raise NotFoundError("No such person.", person_id=str(person_id))
        return person


class TeamMembership(Table):
    """Who has or had a role in a person's care team, and when."""

    __tablename__ = "team_memberships"
    __table_args__ = (
        Index(
            "team_memberships_one_in_a_role_key",
            "person_id",
            "role",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ended_at >= started_at", name="ends_after_its_start"),
    )
    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    role: Mapped[TeamRole]
    staff_id: Mapped[UUID]
    name: Mapped[str]
    organisation: Mapped[str]  # for which they act
    employer: Mapped[str]  # which pays them: a trust's worker may act for the council
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def present(cls, person_id: UUID, *, session: Session) -> list[Self]:
        """Return a person's care team as it is now."""
        members = select(cls).where(cls.person_id == person_id, cls.ended_at.is_(None))
        return list(session.scalars(members.order_by(cls.role)))

    @classmethod
    def ever(cls, person_id: UUID, *, session: Session) -> list[Self]:
        """Return everybody who has or had a role, the latest first."""
        members = select(cls).where(cls.person_id == person_id)
        return list(session.scalars(members.order_by(cls.started_at.desc(), cls.role)))
