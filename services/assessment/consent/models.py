"""The tables of consent."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.consent import rules
from services.assessment.consent.rules import Purpose
from services.assessment.tables import Table


class ConsentWithdrawal(Table):
    """The person took back what they had agreed to. Their consents say by which withdrawal."""

    __tablename__ = "consent_withdrawals"
    withdrawal_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"), index=True)
    purpose: Mapped[Purpose]
    organisation: Mapped[str]
    withdrawn_on: Mapped[date]
    evidence: Mapped[str]
    recorded_at: Mapped[datetime]
    request_sha256: Mapped[str]


class Consent(Table):
    """What a person agreed to, for one purpose and one organisation."""

    __tablename__ = "consents"
    __table_args__ = (
        Index("consents_of_a_person_ix", "person_id", "purpose", "organisation"),
        CheckConstraint("ends_on >= given_on", name="ends_after_its_start"),
        CheckConstraint("withdrawn_on >= given_on", name="withdrawn_after_it_was_given"),
        CheckConstraint(
            "(withdrawal_id IS NULL) = (withdrawn_on IS NULL)", name="withdrawn_by_a_withdrawal"
        ),
    )
    consent_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"))
    purpose: Mapped[Purpose]
    organisation: Mapped[str]
    given_on: Mapped[date]
    ends_on: Mapped[date | None]
    evidence: Mapped[str]
    recorded_at: Mapped[datetime]
    request_sha256: Mapped[str]
    withdrawal_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("consent_withdrawals.withdrawal_id"), default=None
    )
    withdrawn_on: Mapped[date | None] = mapped_column(default=None)

    @classmethod
    def of(cls, person_id: UUID, *, session: Session) -> list[Self]:
        """Return everything a person ever agreed to, the earliest first."""
        consents = select(cls).where(cls.person_id == person_id)
        return list(
            session.scalars(consents.order_by(cls.recorded_at, cls.organisation, cls.purpose))
        )

    @classmethod
    def in_force(
        cls,
        person_id: UUID,
        purpose: Purpose,
        organisation: str,
        on_day: date,
        *,
        session: Session,
    ) -> list[Self]:
        """Return the consents that hold on a day for one purpose and organisation."""
        asked = select(cls).where(
            cls.person_id == person_id, cls.purpose == purpose, cls.organisation == organisation
        )
        return [consent for consent in session.scalars(asked) if consent.holds(on_day)]

    @classmethod
    def check(
        cls,
        person_id: UUID,
        purpose: Purpose,
        organisation: str,
        on_day: date,
        *,
        session: Session,
    ) -> None:
        """Make sure that an organisation may do what it is about to do.

        Raises:
            ConsentNotInForceError: the person has not agreed to it, or not any more.
        """
        held = cls.in_force(person_id, purpose, organisation, on_day, session=session)
        rules.check_in_force(is_any_in_force=bool(held))

    def holds(self, on_day: date) -> bool:
        return rules.is_in_force(
            given_on=self.given_on,
            ends_on=self.ends_on,
            withdrawn_on=self.withdrawn_on,
            on_day=on_day,
        )
