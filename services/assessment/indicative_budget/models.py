"""The tables of indicative budgets, and of those that were declined."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.assessment.amounts.rules import BudgetKind
from services.assessment.indicative_budget.rules import check_told
from services.assessment.tables import Table
from shared.errors import NotKnownYetError


class IndicativeBudget(Table):
    """One calculation for one referral. A new one gets a new version; none is overwritten."""

    __tablename__ = "indicative_budgets"
    __table_args__ = (
        CheckConstraint("nhs_pence + council_pence = total_pence", name="funders_add_up"),
        CheckConstraint("nhs_pence >= 0 AND council_pence >= 0", name="nobody_is_charged"),
        CheckConstraint("reserve_pence >= 0", name="reserve_is_a_promise"),
        CheckConstraint("gross_pence >= total_pence", name="nobody_is_paid_to_need"),
    )
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.person_id"), index=True)
    budget_kind: Mapped[BudgetKind]
    rule_set: Mapped[str]
    total_pence: Mapped[int]
    nhs_pence: Mapped[int]
    council_pence: Mapped[int]
    gross_pence: Mapped[int]  # with what the person pays themselves
    reserve_pence: Mapped[int]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    what_would_change: Mapped[list[str]] = mapped_column(JSONB)
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)  # all that went in, to work it out again
    calculation_sha256: Mapped[str]
    calculated_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(default=None)
    told_by_channel: Mapped[str | None] = mapped_column(default=None)
    undeliverable_at: Mapped[datetime | None] = mapped_column(default=None)
    undeliverable_because: Mapped[str | None] = mapped_column(default=None)
    # An appeal against this reduction: while it is open, and for good once it was upheld.
    set_aside_by: Mapped[UUID | None] = mapped_column(default=None)

    @classmethod
    def newest(cls, referral_id: UUID, *, session: Session) -> Self | None:
        """Return the calculation that was made last, whether it counts or not."""
        versions = select(cls).where(cls.referral_id == referral_id)
        return session.scalars(versions.order_by(cls.version.desc()).limit(1)).first()

    @classmethod
    def latest(cls, referral_id: UUID, *, session: Session) -> Self | None:
        """Return the calculation that counts: the newest that no appeal has set aside."""
        versions = select(cls).where(cls.referral_id == referral_id, cls.set_aside_by.is_(None))
        return session.scalars(versions.order_by(cls.version.desc()).limit(1)).first()

    @classmethod
    def latest_of(
        cls, referral_id: UUID, budget_kind: BudgetKind, *, session: Session
    ) -> Self | None:
        """Return the one of a kind that counts."""
        versions = select(cls).where(
            cls.referral_id == referral_id,
            cls.budget_kind == budget_kind,
            cls.set_aside_by.is_(None),
        )
        return session.scalars(versions.order_by(cls.version.desc()).limit(1)).first()

    def reduced_from(self, *, is_of_any_kind: bool, session: Session) -> Self | None:
        """Return the amount that counted before this one, if this one is less.

        Another kind of budget is the person's choice until a plan is approved, and no reduction.
        """
        kind = type(self)
        versions = select(kind).where(
            kind.referral_id == self.referral_id,
            kind.version < self.version,
            kind.set_aside_by.is_(None),
        )
        if not is_of_any_kind:
            versions = versions.where(kind.budget_kind == self.budget_kind)
        before = session.scalars(versions.order_by(kind.version.desc()).limit(1)).first()
        return before if before is not None and self.gross_pence < before.gross_pence else None

    @classmethod
    def check_told(cls, referral_id: UUID, *, session: Session) -> Self:
        """Return the latest calculation, having seen that the person knows the amount.

        Raises:
            NotKnownYetError: there is none yet.
            AmountNotToldError: nobody has told the person this amount.
        """
        latest = cls.latest(referral_id, session=session)
        if latest is None:
            raise NotKnownYetError(
                "There is no indicative budget yet.", referral_id=str(referral_id)
            )
        check_told(is_told=latest.told_at is not None)
        return latest

    def note_told(self, at: datetime, *, channel: str) -> None:
        """Note that the person was told at ``at``; the first time counts."""
        if self.told_at is None or at < self.told_at:
            self.told_at, self.told_by_channel = at, channel

    @classmethod
    def told_of(cls, person_id: UUID, at: datetime, *, session: Session) -> Self | None:
        """Return the budget that a message delivered at ``at`` spoke of, locked.

        It is the newest one then; a message names the person and not the calculation.
        """
        versions = select(cls).where(cls.person_id == person_id)
        newest_then = (cls.calculated_at <= at).desc(), cls.calculated_at.desc(), cls.version.desc()
        return session.scalars(versions.order_by(*newest_then).limit(1).with_for_update()).first()


class DeclinedBudget(Table):
    """A person's informed decision to have no budget now."""

    __tablename__ = "declined_budgets"
    decline_id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referrals.referral_id"), index=True)
    informed_by_role: Mapped[str]
    informed_on: Mapped[date]
    declined_at: Mapped[datetime]
