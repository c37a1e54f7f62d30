"""The tables of what was held up, and of the statements that let it go on."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.needs.models import everything_seen
from services.assessment.preventive_effects.levels import InForce, in_force
from services.assessment.tables import Table


class PreventiveEffect(Table):
    """A statement of what present support prevents. It counts once the person has seen it."""

    __tablename__ = "preventive_effects"
    __table_args__ = (
        CheckConstraint(
            "(shown_at IS NULL) = (shown_on IS NULL)"
            " AND (shown_at IS NULL) = (person_words IS NULL)",
            name="shown_as_a_whole",
        ),
    )
    statement_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    explains: Mapped[dict[str, str]] = mapped_column(JSONB)  # domain: contribution that lowered it
    what_support_prevents: Mapped[str]
    what_if_it_ended: Mapped[str]
    why_less_is_right: Mapped[str]
    written_by_id: Mapped[UUID]
    written_by_role: Mapped[str]
    recorded_at: Mapped[datetime]
    request_sha256: Mapped[str]
    shown_at: Mapped[datetime | None] = mapped_column(default=None)
    shown_on: Mapped[date | None] = mapped_column(default=None)
    shown_by_id: Mapped[UUID | None] = mapped_column(default=None)
    shown_by_role: Mapped[str | None] = mapped_column(default=None)
    person_words: Mapped[str | None] = mapped_column(default=None)
    interpreter: Mapped[str | None] = mapped_column(default=None)

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        statements = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(statements.order_by(cls.recorded_at)))

    @classmethod
    def is_shown_since(cls, referral_id: UUID, at: datetime, *, session: Session) -> bool:
        """Tell whether a statement was shown to the person since ``at``.

        Whoever lowers something else (a plan at its review) asks this, too.
        """
        return any(
            one.shown_at is not None and one.shown_at >= at
            for one in cls.of(referral_id, session=session)
        )


class BlockedReduction(Table):
    """A reduction that is held up, told of once for what it would have lowered."""

    __tablename__ = "blocked_reductions"
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)  # of what would have been lowered
    domains: Mapped[list[str]] = mapped_column(JSONB)
    standing_pence: Mapped[int]
    asked_pence: Mapped[int]
    blocked_at: Mapped[datetime]

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        blocked = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(blocked.order_by(cls.blocked_at)))


def levels_in_force(referral_id: UUID, *, session: Session) -> InForce:
    """Return the levels that count for a case, and which lower ones are held up."""
    released = [
        (UUID(contribution_id), domain)
        for statement in PreventiveEffect.of(referral_id, session=session)
        if statement.shown_at is not None
        for domain, contribution_id in statement.explains.items()
    ]
    return in_force(everything_seen(referral_id, session=session), released=released)
