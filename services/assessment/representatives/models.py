"""The table of representatives."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.people.identifiers import IdentifierKind, blind_index, seal
from services.assessment.representatives import rules
from services.assessment.representatives.rules import RepresentativeKind, Scope
from services.assessment.tables import Table


class Representative(Table):
    """An appointment: somebody may act for a person, in what its scopes name."""

    __tablename__ = "representatives"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on OR ended_at IS NOT NULL", name="ends_after_start"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_with_a_reason"),
        CheckConstraint("representative_id <> person_id", name="is_somebody_else"),
    )
    appointment_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"), index=True)
    representative_id: Mapped[UUID]
    kind: Mapped[RepresentativeKind]
    name: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(JSONB)
    basis: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # the last day
    email: Mapped[str | None]
    mobile: Mapped[str | None]
    appointed_at: Mapped[datetime]
    request_sha256: Mapped[str]
    # Of the representative: by it they are found when they sign in.
    nhs_number_sealed: Mapped[bytes | None] = mapped_column(default=None)
    nhs_number_index: Mapped[str | None] = mapped_column(index=True, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)  # by a command, not by its date
    end_reason: Mapped[str | None] = mapped_column(default=None)

    def hold_number(self, nhs_number: str) -> None:
        """Keep the representative's NHS number, encrypted, with what finds them."""
        kind = IdentifierKind.NHS_NUMBER
        self.nhs_number_sealed = seal(kind, nhs_number, person_id=self.appointment_id)
        self.nhs_number_index = blind_index(kind, nhs_number)

    @classmethod
    def of_number(cls, nhs_number: str, *, session: Session) -> list[Self]:
        """Return every appointment of whoever has an NHS number."""
        index = blind_index(IdentifierKind.NHS_NUMBER, nhs_number)
        return list(session.scalars(select(cls).where(cls.nhs_number_index == index)))

    @classmethod
    def numbers_of(cls, representative_id: UUID, *, session: Session) -> set[str]:
        """Return by what a representative is found, if any appointment says it."""
        indices = select(cls.nhs_number_index).where(cls.representative_id == representative_id)
        return {one for one in session.scalars(indices) if one is not None}

    @classmethod
    def of(cls, person_id: UUID, *, session: Session) -> list[Self]:
        """Return everybody who was ever appointed, the earliest first."""
        appointments = select(cls).where(cls.person_id == person_id)
        return list(session.scalars(appointments.order_by(cls.starts_on, cls.appointed_at)))

    @classmethod
    def present(cls, person_id: UUID, on_day: date, *, session: Session) -> list[Self]:
        """Return who may act for a person on a day."""
        return [one for one in cls.of(person_id, session=session) if one.acts(on_day)]

    @classmethod
    def not_ended(cls, person_id: UUID, on_day: date, *, session: Session) -> list[Self]:
        """Return who may act for a person on a day or will later."""
        return [
            one
            for one in cls.of(person_id, session=session)
            if one.ends_on is None or on_day <= one.ends_on
        ]

    @classmethod
    def in_scope(
        cls, person_id: UUID, scope: Scope, on_day: date, *, session: Session
    ) -> list[Self]:
        """Return who may do one thing for a person on a day: sign their plan, say."""
        present = cls.present(person_id, on_day, session=session)
        return [one for one in present if scope in one.scopes]

    def acts(self, on_day: date) -> bool:
        return rules.is_present(starts_on=self.starts_on, ends_on=self.ends_on, on_day=on_day)
