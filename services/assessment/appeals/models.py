"""The tables of appeals, and of who reports to whom."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    and_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.appeals.rules import AppealState
from services.assessment.tables import Table

_IS_OPEN = text("state = 'lodged'")


class Appeal(Table):
    """Somebody wants a decision on a plan, a refusal or an amount looked at again."""

    __tablename__ = "appeals"
    __table_args__ = (
        Index("appeals_one_open_key", "decision_id", unique=True, postgresql_where=_IS_OPEN),
        Index(
            "appeals_one_open_of_refusal_key", "refusal_id", unique=True, postgresql_where=_IS_OPEN
        ),
        Index(
            "appeals_one_open_of_amount_key",
            "referral_id",
            unique=True,
            postgresql_where=text("state = 'lodged' AND amount_version IS NOT NULL"),
        ),
        CheckConstraint(
            "num_nonnulls(decision_id, refusal_id, amount_version) = 1", name="against_one_thing"
        ),
        ForeignKeyConstraint(
            ["referral_id", "amount_version"],
            ["indicative_budgets.referral_id", "indicative_budgets.version"],
            name="appeals_amount_fkey",
        ),
        CheckConstraint(
            "num_nonnulls(decider_id, decider_role, reasons, decided_at)"
            " = CASE state WHEN 'lodged' THEN 0 ELSE 4 END",
            name="decided_with_reasons",
        ),
        CheckConstraint("state <> 'not_upheld' OR next_route IS NOT NULL", name="leads_somewhere"),
    )
    appeal_id: Mapped[UUID] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.decision_id"))
    refusal_id: Mapped[UUID | None] = mapped_column(ForeignKey("refused_referrals.refusal_id"))
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    amount_version: Mapped[int | None]  # of the indicative amount on this referral
    state: Mapped[AppealState]
    lodged_by_role: Mapped[str]
    grounds: Mapped[str]
    supporter: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    lodged_at: Mapped[datetime]
    due_on: Mapped[date]
    request_sha256: Mapped[str]
    decider_id: Mapped[UUID | None] = mapped_column(default=None)
    decider_role: Mapped[str | None] = mapped_column(default=None)
    reasons: Mapped[str | None] = mapped_column(default=None)
    evidence: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)
    next_route: Mapped[str | None] = mapped_column(default=None)
    is_reopened: Mapped[bool] = mapped_column(default=False)  # the decision lies open again
    decided_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def is_open(
        cls,
        *,
        decision_id: UUID | None,
        refusal_id: UUID | None,
        amount_of: UUID | None,
        session: Session,
    ) -> bool:
        """Tell whether one is open against a decision, a refusal, or any amount of a referral."""
        against: ColumnElement[bool]
        if amount_of is not None:
            against = and_(cls.referral_id == amount_of, cls.amount_version.is_not(None))
        elif refusal_id is not None:
            against = cls.refusal_id == refusal_id
        else:
            against = cls.decision_id == decision_id
        found = select(cls).where(against, cls.state == AppealState.LODGED)
        return session.scalar(found) is not None

    @classmethod
    def of(cls, referral_id: UUID, *, session: Session) -> list[Self]:
        """Return the appeals on a case, the first one first."""
        appeals = select(cls).where(cls.referral_id == referral_id)
        return list(session.scalars(appeals.order_by(cls.lodged_at, cls.appeal_id)))


class ReportingLine(Table):
    """To whom a member of staff reports, as it is now."""

    __tablename__ = "reporting_lines"
    __table_args__ = (CheckConstraint("staff_id <> reports_to_id", name="reports_to_another"),)
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    reports_to_id: Mapped[UUID | None]
    recorded_at: Mapped[datetime]

    @classmethod
    def all_above(cls, staff_id: UUID, *, session: Session) -> dict[UUID, UUID | None]:
        """Return the reporting lines that lead upwards from somebody, as far as they are known."""
        lines: dict[UUID, UUID | None] = {}
        current: UUID | None = staff_id
        while current is not None and current not in lines:
            line = session.get(cls, current)
            if line is None:
                break
            lines[current] = line.reports_to_id
            current = line.reports_to_id
        return lines
