"""The table of referrals."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.referrals.rules import Outcome, Source, Urgency
from services.assessment.tables import Table
from shared.errors import NotKnownYetError


class Referral(Table):
    """One referral. Its lock is the lock of the whole case: every command takes it first.

    There is a row only where the person consented to sharing.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint(
            "(source IN ('person', 'family')) = (organisation IS NULL)", name="is_of_somebody"
        ),
    )
    referral_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"), index=True)
    source: Mapped[Source]
    organisation: Mapped[str | None]
    relation: Mapped[str | None]  # of family or friends to the person
    heard_from: Mapped[str | None]
    basis: Mapped[str]
    condition_group: Mapped[str]
    urgency: Mapped[Urgency]
    received_on: Mapped[date]
    received_at: Mapped[datetime]
    answer_due_on: Mapped[date]
    request_sha256: Mapped[str]
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.OPEN)

    @classmethod
    def locked(cls, referral_id: UUID, *, session: Session) -> Self:
        """Return a referral, locked until the transaction ends.

        Raises:
            NotKnownYetError: it has not arrived; its id is the sender's, so it may be on its way.
        """
        referral = session.get(cls, referral_id, with_for_update=True, populate_existing=True)
        if referral is None:
            raise NotKnownYetError("This referral is not here yet.", referral_id=str(referral_id))
        return referral
