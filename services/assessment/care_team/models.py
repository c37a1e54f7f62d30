"""The tables of what a person is offered."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.care_team.rules import OfferAnswer, Support, check_offered
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
