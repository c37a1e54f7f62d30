"""The tables of discussions and refusals."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.assessment.intake.rules import DiscussionOutcome, RefusalReason
from services.assessment.tables import Table


class Discussion(Table):
    """Whether having a budget was talked about, and why not."""

    __tablename__ = "discussions"
    __table_args__ = (
        CheckConstraint("outcome <> 'not_discussed' OR because IS NOT NULL", name="says_why_not"),
    )
    discussion_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    outcome: Mapped[DiscussionOutcome]
    held_on: Mapped[date]
    by_role: Mapped[str]
    because: Mapped[str | None]
    person_words: Mapped[str | None]
    signposted_to: Mapped[str | None]
    recorded_at: Mapped[datetime]
    request_sha256: Mapped[str]


class RefusedReferral(Table):
    """A refusal. It cannot be stored without reason, evidence, alternatives and appeal route."""

    __tablename__ = "refused_referrals"
    __table_args__ = (
        CheckConstraint(
            "because <> '' AND appeal_route <> '' AND jsonb_array_length(evidence) > 0"
            " AND jsonb_array_length(alternatives) > 0",
            name="is_explained",
        ),
    )
    refusal_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    decider_id: Mapped[UUID]
    reason: Mapped[RefusalReason]
    because: Mapped[str]
    evidence: Mapped[list[str]] = mapped_column(JSONB)
    alternatives: Mapped[list[str]] = mapped_column(JSONB)
    appeal_route: Mapped[str]
    refused_at: Mapped[datetime]
    request_sha256: Mapped[str]
