"""The tables of what a person is offered, and of their wishes for another worker."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.care_team.rules import OfferAnswer, Support, check_offered
from services.assessment.people.rules import TeamRole
from services.assessment.tables import Table


class SupportOffer(Table):
    """Help with a budget that a person was offered, and what they said."""

    __tablename__ = "support_offers"
    offer_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    support: Mapped[Support]
    offered_on: Mapped[date]
    offered_by_role: Mapped[str]
    answer: Mapped[OfferAnswer]
    person_words: Mapped[str | None]
    recorded_at: Mapped[datetime]
    request_sha256: Mapped[str]

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return what was offered on a case, the earliest first."""
        offers = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(offers.order_by(cls.recorded_at, cls.support)))

    @classmethod
    def check_made(cls, referral_id: UUID, *, session: Session) -> None:
        """Make sure that help was offered before a person chooses to have a budget or none.

        Raises:
            SupportNotOfferedError: some of it was not.
        """
        check_offered(offer.support for offer in cls.of(referral_id, session=session))


class WorkerChange(Table):
    """The person asked for somebody else in a role; the answer comes with reasons."""

    __tablename__ = "worker_changes"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(is_agreed, answered_by, reasons, answered_at) IN (0, 4)",
            name="answered_with_reasons",
        ),
        CheckConstraint("is_agreed = (new_staff_id IS NOT NULL)", name="names_who_comes"),
    )
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    role: Mapped[TeamRole]
    person_words: Mapped[str]
    asked_by_role: Mapped[str]
    about_staff_id: Mapped[UUID]  # who had the role then
    requested_at: Mapped[datetime]
    request_sha256: Mapped[str]
    is_agreed: Mapped[bool | None] = mapped_column(default=None)
    new_staff_id: Mapped[UUID | None] = mapped_column(default=None)
    answered_by: Mapped[UUID | None] = mapped_column(default=None)
    reasons: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
