"""The tables of the joint assessment."""

from datetime import datetime
from typing import Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.needs.rules import Contributor, Score, merge
from services.assessment.tables import Table
from shared.errors import NotKnownYetError


class Contribution(Table):
    """What one side saw. A later one of the same side replaces it; it stays in the history."""

    __tablename__ = "contributions"
    __table_args__ = (
        Index(
            "contributions_one_of_a_side_key",
            "referral_id",
            "organisation",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )
    contribution_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    organisation: Mapped[Contributor]
    author_role: Mapped[str]
    whole_life: Mapped[dict[str, str | None] | None] = mapped_column(JSONB(none_as_null=True))
    received_at: Mapped[datetime]
    request_sha256: Mapped[str]
    replaced_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def counting(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return the contributions that count: at most one of each side."""
        contributions = select(cls).where(cls.referral_id == referral_id, cls.replaced_at.is_(None))
        return list(session.scalars(contributions.order_by(cls.organisation)))


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
    is_hidden: Mapped[bool]
    person_words: Mapped[str]
    strengths: Mapped[str | None]

    @property
    def score(self) -> Score:
        return Score(
            domain=self.domain,
            typical_without_support=self.typical_without_support,
            worst_without_support=self.worst_without_support,
            typical_with_support=self.typical_with_support,
            worst_with_support=self.worst_with_support,
            worst_days_per_28=self.worst_days_per_28,
        )

    @classmethod
    def counting(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return every domain of the contributions that count."""
        domains = (
            select(cls)
            .join(Contribution, Contribution.contribution_id == cls.contribution_id)
            .where(Contribution.referral_id == referral_id, Contribution.replaced_at.is_(None))
            .order_by(Contribution.organisation, cls.domain)
        )
        return list(session.scalars(domains))


class AgreedAssessment(Table):
    """NHS and council have both contributed: there is one assessment. No row: not yet."""

    __tablename__ = "agreed_assessments"
    __table_args__ = (CheckConstraint("domain_count >= 1", name="has_domains"),)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), primary_key=True)
    agreed_at: Mapped[datetime]
    domain_count: Mapped[int]

    @classmethod
    def scores(cls, referral_id: UUID, *, session: Session) -> list[Score]:
        """Return the agreed scores, one for each domain.

        Raises:
            NotKnownYetError: a contribution is missing; it may be on its way.
        """
        if session.get(cls, referral_id) is None:
            raise NotKnownYetError(
                "NHS and council have not both contributed yet.", referral_id=str(referral_id)
            )
        seen = ScoredDomain.counting(referral_id, session=session)
        return merge([domain.score for domain in seen])
