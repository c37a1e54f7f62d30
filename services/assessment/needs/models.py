"""The tables of the joint assessment."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.needs.rules import OnsetSpeed, Score, Seen, counting, merge
from services.assessment.tables import Table
from shared.contracts.organisations import Side
from shared.errors import NotKnownYetError


class Contribution(Table):
    """What one side saw. One seen later by the same side replaces it; it stays in the history."""

    __tablename__ = "contributions"
    __table_args__ = (
        Index(
            "contributions_one_of_a_side_key",
            "referral_id",
            "side",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )
    contribution_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    organisation: Mapped[str]
    side: Mapped[Side]  # on which it was when it contributed
    author_role: Mapped[str]
    questionnaire: Mapped[str]
    as_of: Mapped[datetime]
    in_the_room: Mapped[list[str]] = mapped_column(JSONB)
    whole_life: Mapped[dict[str, str | None] | None] = mapped_column(JSONB(none_as_null=True))
    received_at: Mapped[datetime]
    request_sha256: Mapped[str]
    replaced_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return every contribution there ever was, in the order in which they were seen."""
        contributions = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(contributions.order_by(cls.as_of, cls.contribution_id)))

    @classmethod
    def counting(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return the contributions that count: at most one of each side."""
        contributions = select(cls).where(cls.referral_id == referral_id, cls.replaced_at.is_(None))
        return list(session.scalars(contributions.order_by(cls.side)))


class ScoredDomain(Table):
    """One domain of a contribution."""

    __tablename__ = "scored_domains"
    __table_args__ = (
        CheckConstraint(
            "0 <= typical_without_support AND typical_without_support <= worst_without_support"
            " AND worst_without_support <= 4",
            name="levels_without_support_in_order",
        ),
        CheckConstraint(
            "0 <= typical_with_support AND typical_with_support <= worst_with_support"
            " AND worst_with_support <= 4",
            name="levels_with_support_in_order",
        ),
        CheckConstraint("worst_days_per_28 BETWEEN 0 AND 28", name="days_fit_in_four_weeks"),
        CheckConstraint("informal_levels BETWEEN 0 AND 4", name="help_takes_off_levels"),
    )
    contribution_id: Mapped[UUID] = mapped_column(
        ForeignKey("contributions.contribution_id"), primary_key=True
    )
    domain: Mapped[str] = mapped_column(primary_key=True)
    typical_without_support: Mapped[int]
    worst_without_support: Mapped[int]
    typical_with_support: Mapped[int]
    worst_with_support: Mapped[int]
    worst_days_per_28: Mapped[int]
    informal_levels: Mapped[int]
    look_back_months: Mapped[int]
    onset_speed: Mapped[OnsetSpeed | None]
    is_hidden: Mapped[bool]
    unseen_by_others: Mapped[str | None]
    reliably: Mapped[dict[str, bool] | None] = mapped_column(JSONB(none_as_null=True))
    present_support: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    person_words: Mapped[str]
    worker_words: Mapped[str | None]
    strengths: Mapped[str | None]
    wants: Mapped[str | None]
    evidence: Mapped[list[str]] = mapped_column(JSONB)

    @property
    def score(self) -> Score:
        return Score(
            domain=self.domain,
            typical_without_support=self.typical_without_support,
            worst_without_support=self.worst_without_support,
            typical_with_support=self.typical_with_support,
            worst_with_support=self.worst_with_support,
            worst_days_per_28=self.worst_days_per_28,
            informal_levels=self.informal_levels,
        )

    @classmethod
    def counting(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return every domain of the contributions that count."""
        domains = (
            select(cls)
            .join(Contribution, Contribution.contribution_id == cls.contribution_id)
            .where(Contribution.referral_id == referral_id, Contribution.replaced_at.is_(None))
            .order_by(Contribution.side, cls.domain)
        )
        return list(session.scalars(domains))


def everything_seen(referral_id: UUID, *, session: Session) -> list[Seen]:
    """Return what was seen at any time, in the order in which it was seen."""
    rows = (
        select(ScoredDomain)
        .join(Contribution, Contribution.contribution_id == ScoredDomain.contribution_id)
        .where(Contribution.referral_id == referral_id)
    )
    scores: dict[UUID, list[Score]] = {}
    for row in session.scalars(rows):
        scores.setdefault(row.contribution_id, []).append(row.score)
    return [
        Seen(
            contribution_id=one.contribution_id,
            side=one.side,
            as_of=one.as_of,
            scores=scores[one.contribution_id],
        )
        for one in Contribution.of(referral_id, session=session)
    ]


class AgreedAssessment(Table):
    """NHS and council have both contributed: there is one assessment. No row: not yet."""

    __tablename__ = "agreed_assessments"
    __table_args__ = (CheckConstraint("domain_count >= 1", name="has_domains"),)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), primary_key=True)
    version: Mapped[int]  # rises with each contribution that counts
    agreed_at: Mapped[datetime]
    domain_count: Mapped[int]

    @classmethod
    def check(cls, referral_id: UUID, *, session: Session) -> None:
        """See that both sides have contributed.

        Raises:
            NotKnownYetError: a contribution is missing; it may be on its way.
        """
        if session.get(cls, referral_id) is None:
            raise NotKnownYetError(
                "NHS and council have not both contributed yet.", referral_id=str(referral_id)
            )

    @classmethod
    def scores(cls, referral_id: UUID, *, session: Session) -> list[Score]:
        """Return what both sides saw last, joined: one score for each domain.

        Raises:
            NotKnownYetError: a contribution is missing; it may be on its way.
        """
        cls.check(referral_id, session=session)
        seen = counting(everything_seen(referral_id, session=session))
        return merge([score for one in seen for score in one.scores])
