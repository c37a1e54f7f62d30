"""The tables of what was held up, and of the statements that let it go on."""

from collections.abc import Collection
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
        CheckConstraint(
            "(explains = '{}'::jsonb) = (explains_pence IS NOT NULL)", name="explains_one_thing"
        ),
    )
    statement_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    explains: Mapped[dict[str, str]] = mapped_column(JSONB)  # domain: contribution that lowered it
    explains_pence: Mapped[int | None]  # to what the same levels fall; None: it explains domains
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
    # An appeal against what it lowered: while it is open, and for good once it was upheld.
    set_aside_by: Mapped[UUID | None] = mapped_column(default=None)

    @property
    def counts(self) -> bool:
        """Tell whether it lets something be lowered: the person saw it, and nobody took it back."""
        return self.shown_at is not None and self.set_aside_by is None

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        statements = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(statements.order_by(cls.recorded_at)))

    @classmethod
    def is_amount_explained(
        cls, referral_id: UUID, *, to_pence: int, since: datetime, session: Session
    ) -> bool:
        """Tell whether the person was shown why the same levels come to less now.

        A statement on domains says nothing of that, and one on a smaller fall not enough.

        Args:
            referral_id: whose case.
            to_pence: what the same levels come to now.
            since: when the amount that stands was worked out; one statement counts once.
            session: of the transaction.
        """
        return any(
            one.explains_pence is not None and one.explains_pence <= to_pence
            for one in cls._on_amounts(referral_id, since=since, session=session)
        )

    @classmethod
    def _on_amounts(cls, referral_id: UUID, *, since: datetime, session: Session) -> list[Self]:
        return [
            one
            for one in cls.of(referral_id, session=session)
            if one.explains_pence is not None
            and one.counts
            and one.shown_at is not None
            and one.shown_at >= since
        ]

    @classmethod
    def set_aside_those_on(
        cls,
        referral_id: UUID,
        *,
        domains: Collection[str],
        amounts_since: datetime,
        appeal_id: UUID,
        session: Session,
    ) -> None:
        """Let the statements that lowered an amount count no more, as an appeal asks.

        Args:
            referral_id: whose case.
            domains: whose levels fell; the statement that was shown last on each explained that.
            amounts_since: when the amount before was worked out; statements on amounts since then.
            appeal_id: against the reduction.
            session: of the transaction.
        """
        counting = [one for one in cls.of(referral_id, session=session) if one.counts]
        last_on = {domain: one for one in counting for domain in one.explains if domain in domains}
        on_amounts = cls._on_amounts(referral_id, since=amounts_since, session=session)
        for one in [*last_on.values(), *on_amounts]:
            one.set_aside_by = appeal_id

    @classmethod
    def let_count(cls, appeal_id: UUID, *, session: Session) -> None:
        """Let statements count again that an appeal had set aside."""
        for one in session.scalars(select(cls).where(cls.set_aside_by == appeal_id)):
            one.set_aside_by = None


class BlockedReduction(Table):
    """A reduction that is held up, told of once for what it would have lowered."""

    __tablename__ = "blocked_reductions"
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)  # of what would have been lowered
    domains: Mapped[list[str]] = mapped_column(JSONB)
    standing_pence: Mapped[int]
    asked_pence: Mapped[int]
    same_levels_pence: Mapped[int | None]  # what they come to now, where that is less
    blocked_at: Mapped[datetime]  # the last time

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        blocked = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(blocked.order_by(cls.blocked_at)))


def levels_in_force(referral_id: UUID, *, session: Session) -> InForce:
    """Return the levels that count for a case, and which lower ones are held up."""
    released = [
        (UUID(contribution_id), domain)
        for statement in PreventiveEffect.of(referral_id, session=session)
        if statement.counts
        for domain, contribution_id in statement.explains.items()
    ]
    return in_force(everything_seen(referral_id, session=session), released=released)
