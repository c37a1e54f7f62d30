"""The tables of who agrees with what, and of disputes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.disputes.rules import FUNDERS, DisputeState, Party, Position
from services.assessment.tables import Table


class DomainPosition(Table):
    """What a party last said of a domain."""

    __tablename__ = "domain_positions"
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), primary_key=True)
    domain: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[Party] = mapped_column(primary_key=True)
    position: Mapped[Position]
    version: Mapped[int]
    said_by_role: Mapped[str]
    said_at: Mapped[datetime]

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        positions = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(positions.order_by(cls.domain, cls.party)))


class Dispute(Table):
    """A domain on which a party does not agree, until it is settled."""

    __tablename__ = "disputes"
    __table_args__ = (
        CheckConstraint(
            "(state = 'settled') = (settled_at IS NOT NULL)", name="settled_at_some_time"
        ),
        CheckConstraint(
            "(settled_at IS NULL) = (settled_because IS NULL)", name="settled_with_reasons"
        ),
    )
    dispute_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    domain: Mapped[str]
    party: Mapped[Party]
    said_by_role: Mapped[str]
    reasons: Mapped[str]
    opened_at: Mapped[datetime]
    request_sha256: Mapped[str]
    state: Mapped[DisputeState] = mapped_column(default=DisputeState.OPEN)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_by_id: Mapped[UUID | None] = mapped_column(default=None)
    settled_by_role: Mapped[str | None] = mapped_column(default=None)
    settled_because: Mapped[str | None] = mapped_column(default=None)
    shares: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True), default=None)

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        disputes = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(disputes.order_by(cls.opened_at, cls.dispute_id)))


def who_pays(
    referral_id: UUID, *, session: Session
) -> tuple[frozenset[str], Mapping[str, Mapping[str, int]]]:
    """Return the domains on which the funders disagree now, and the shares that were settled."""
    disputes = Dispute.of(referral_id, session=session)
    between_funders = [one for one in disputes if one.party in FUNDERS]
    still_open = {one.domain for one in between_funders if one.state == DisputeState.OPEN}
    settled = sorted(
        (one for one in between_funders if one.settled_at is not None),
        key=lambda one: (one.settled_at, str(one.dispute_id)),
    )
    return frozenset(still_open), {
        one.domain: one.shares for one in settled if one.shares is not None
    }
