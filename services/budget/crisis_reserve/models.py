"""Reserves for a crisis, and what became of them. Only the end of a crisis is ever added."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.tables import Table


class CrisisReserve(Table):
    """What the funders of a budget promised for a crisis; a budget has one."""

    __tablename__ = "crisis_reserves"
    __table_args__ = (UniqueConstraint("budget_id", name="crisis_reserves_budget_id_key"),)
    reserve_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"))
    actor: Mapped[str]  # organisation/role
    promised_at: Mapped[datetime]


class CrisisReservePart(Table):
    """What one funder promised."""

    __tablename__ = "crisis_reserve_parts"
    __table_args__ = (CheckConstraint("amount_pence > 0", name="amount_positive"),)
    reserve_id: Mapped[UUID] = mapped_column(
        ForeignKey("crisis_reserves.reserve_id"), primary_key=True
    )
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    amount_pence: Mapped[int]


class CrisisReserveSignature(Table):
    """One funder's word that it promises; of whom nothing but the role."""

    __tablename__ = "crisis_reserve_signatures"
    reserve_id: Mapped[UUID] = mapped_column(
        ForeignKey("crisis_reserves.reserve_id"), primary_key=True
    )
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    role: Mapped[str]
    signed_on: Mapped[date]


class Crisis(Table):
    """One time at which a reserve was usable; one at a time."""

    __tablename__ = "crises"
    __table_args__ = (
        CheckConstraint("usable_pence > 0", name="usable_positive"),
        CheckConstraint("usable_pence <= cap_pence", name="usable_within_cap"),
        Index(
            "crises_one_at_a_time_ix",
            "reserve_id",
            unique=True,
            postgresql_where=text("stood_down_at IS NULL"),
        ),
    )
    crisis_id: Mapped[UUID] = mapped_column(primary_key=True)
    reserve_id: Mapped[UUID] = mapped_column(ForeignKey("crisis_reserves.reserve_id"))
    cap_pence: Mapped[int]
    usable_pence: Mapped[int]
    actor: Mapped[str]
    activated_at: Mapped[datetime]
    stood_down_at: Mapped[datetime | None] = mapped_column(default=None)


class CrisisPart(Table):
    """What one funder was called for in a crisis, and under which contribution."""

    __tablename__ = "crisis_parts"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        UniqueConstraint("contribution_id", name="crisis_parts_contribution_id_key"),
    )
    crisis_id: Mapped[UUID] = mapped_column(ForeignKey("crises.crisis_id"), primary_key=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    contribution_id: Mapped[UUID] = mapped_column(ForeignKey("contributions.contribution_id"))
    amount_pence: Mapped[int]


class CrisisReturn(Table):
    """What of one funder's part was not used when the crisis was over."""

    __tablename__ = "crisis_returns"
    __table_args__ = (
        CheckConstraint("unpromised_pence >= 0", name="unpromised_not_negative"),
        CheckConstraint("repaid_pence >= 0", name="repaid_not_negative"),
    )
    crisis_id: Mapped[UUID] = mapped_column(ForeignKey("crises.crisis_id"), primary_key=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    unpromised_pence: Mapped[int]  # never paid in: it is owed no more
    repaid_pence: Mapped[int]  # paid in: it is the funder's again


class HeardCrisis(Table):
    """What assessment told last of a crisis, so that its end may come before its beginning."""

    __tablename__ = "heard_crises"
    crisis_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
