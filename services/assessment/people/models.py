"""The tables of people and their care teams."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.people.identifiers import IdentifierKind, blind_index, seal, unseal
from services.assessment.people.rules import Channel, TeamRole, likeness
from services.assessment.tables import Table
from shared.errors import NotFoundError


class Person(Table):
    """A person, under an id of our own that says nothing about them."""

    __tablename__ = "people"
    __table_args__ = (
        Index("people_birth_date_ix", "birth_date"),
        Index(
            "people_untold_numbers_ix",
            "person_id",
            postgresql_where=text("nhs_number_index IS NOT NULL AND NOT is_number_told"),
        ),
    )
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
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
    # Encrypted, with what finds them. Without an index: it is another's, too, and nobody knows.
    nhs_number_sealed: Mapped[bytes | None] = mapped_column(default=None)
    nhs_number_index: Mapped[str | None] = mapped_column(unique=True, default=None)
    is_number_told: Mapped[bool] = mapped_column(default=False)  # an earlier release told none
    council_client_id_sealed: Mapped[bytes | None] = mapped_column(default=None)
    council_client_id_index: Mapped[str | None] = mapped_column(unique=True, default=None)
    # Accessible Information Standard: asked, recorded, flagged, shared, met, reviewed.
    needs_asked_on: Mapped[date | None] = mapped_column(default=None)
    communication_support: Mapped[str | None] = mapped_column(default=None)
    may_share_needs: Mapped[bool] = mapped_column(default=False)
    needs_review_on: Mapped[date | None] = mapped_column(default=None)
    # How and when contact is safe; no day: the person was not asked yet.
    safe_contact_said_on: Mapped[date | None] = mapped_column(default=None)
    is_safe_to_email: Mapped[bool] = mapped_column(default=True)
    is_safe_to_post: Mapped[bool] = mapped_column(default=True)
    is_safe_to_ring: Mapped[bool] = mapped_column(default=True)
    safe_from: Mapped[str | None] = mapped_column(default=None)
    safe_until: Mapped[str | None] = mapped_column(default=None)
    safe_contact_words: Mapped[str | None] = mapped_column(default=None)
    merged_into: Mapped[UUID | None] = mapped_column(
        ForeignKey("people.person_id"), index=True, default=None
    )  # the one record of a person who had two; both ids stay theirs
    contact_version: Mapped[int] = mapped_column(default=0)  # of what other services are told
    team_version: Mapped[int] = mapped_column(default=0)
    representatives_version: Mapped[int] = mapped_column(default=0)
    sharing_version: Mapped[int] = mapped_column(default=0)

    @classmethod
    def locked(cls, person_id: UUID, *, session: Session) -> Self:
        """Return a person, locked until the transaction ends.

        Raises:
            NotFoundError: no such person. Their id is ours, so it cannot be on its way.
        """
        person = session.get(cls, person_id, with_for_update=True, populate_existing=True)
        if person is None:
            raise NotFoundError("No such person.", person_id=str(person_id))
        if person.merged_into is not None:
            return cls.locked(person.merged_into, session=session)
        return person

    def under_every_id(self, *, session: Session) -> list[Self]:
        """Return the records of all ids that this person has: what is told, is told under each."""
        merged = select(type(self)).where(type(self).merged_into == self.person_id)
        return [self, *session.scalars(merged.order_by(type(self).person_id))]

    @property
    def likeness(self) -> str:
        return likeness(
            given_name=self.given_name,
            family_name=self.family_name,
            address_lines=self.address_lines,
        )

    @property
    def certain_nhs_number(self) -> str | None:
        """The NHS number in clear, unless it is another's, too, for all we know."""
        return None if self.nhs_number_index is None else self.held(IdentifierKind.NHS_NUMBER)

    def hold(self, kind: IdentifierKind, identifier: str, *, is_contested: bool) -> None:
        """Keep an identifier, encrypted; one that is another's, too, finds nobody."""
        setattr(self, f"{kind}_sealed", seal(kind, identifier, person_id=self.person_id))
        setattr(self, f"{kind}_index", None if is_contested else blind_index(kind, identifier))

    def held(self, kind: IdentifierKind) -> str | None:
        """Return an identifier in clear."""
        sealed: bytes | None = getattr(self, f"{kind}_sealed")
        return None if sealed is None else unseal(kind, sealed, person_id=self.person_id)


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
        Index(
            "team_memberships_ends_on_ix",
            "ends_on",
            postgresql_where=text("ended_at IS NULL AND ends_on IS NOT NULL"),
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
    email: Mapped[str | None] = mapped_column(default=None)  # at work
    ends_on: Mapped[date | None] = mapped_column(default=None)  # the last day, if there is one
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
