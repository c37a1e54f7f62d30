"""Periods of a pool's books, who signed them, and what they stood at when they were closed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.periods.rules import PeriodState
from services.budget.tables import Table


class Period(Table):
    """Some days of a pool's books, and whether they can still be written for.

    Database functions alone change its state: ``soft_close_period``, ``close_period`` and
    ``reopen_period``.
    """

    __tablename__ = "periods"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        ExcludeConstraint(
            (text("pool_id"), "="),
            (text("daterange(starts_on, ends_on)"), "&&"),
            name="periods_no_overlap_excl",
        ),
    )
    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.pool_id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the first day that is not in it
    state: Mapped[PeriodState]


class PeriodSignature(Table):
    """One partner's word that a period is right as it stands; of whom nothing but the role.

    It is for the next version of the snapshot, so a reopening forgets it, and for the journals
    that were there, so what is booked late makes it count no more.
    """

    __tablename__ = "period_signatures"
    __table_args__ = (CheckConstraint("role <> ''", name="role_told"),)
    period_id: Mapped[UUID] = mapped_column(ForeignKey("periods.period_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    last_seq: Mapped[int] = mapped_column(primary_key=True)  # of the journals that were there
    role: Mapped[str]
    actor: Mapped[str]
    signed_at: Mapped[datetime]


class PeriodClosure(Table):
    """A period was closed for good: a snapshot was taken. Never changed afterwards."""

    __tablename__ = "period_closures"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_from_one"),
        CheckConstraint("octet_length(hash) = 32", name="hash_whole"),
    )
    period_id: Mapped[UUID] = mapped_column(ForeignKey("periods.period_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)  # from 1; each reopening makes another
    last_seq: Mapped[int]  # the pool's last journal then: no later one is in it
    hash: Mapped[bytes]
    closed_by: Mapped[str]
    closed_at: Mapped[datetime]


class PeriodBalance(Table):
    """What an account stood at when a period was closed; credits less debits.

    An account that never moved has none, but for what is available: that one always has.
    """

    __tablename__ = "period_balances"
    __table_args__ = (
        ForeignKeyConstraint(
            ["period_id", "version"],
            ["period_closures.period_id", "period_closures.version"],
            name="period_balances_closure_fkey",
        ),
        CheckConstraint(
            "closing_pence = opening_pence + credits_pence - debits_pence", name="adds_up"
        ),
        CheckConstraint(
            "debits_pence >= 0 AND credits_pence >= 0 AND held_pence >= 0", name="not_negative"
        ),
    )
    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    # No foreign key: the function takes it from there, and nobody books while it is at work.
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opening_pence: Mapped[int]
    debits_pence: Mapped[int]
    credits_pence: Mapped[int]
    closing_pence: Mapped[int]
    held_pence: Mapped[int]  # when it was closed, for whatever day


class ReopeningApproval(Table):
    """Somebody approved that a closed period is reopened; the last one reopened it."""

    __tablename__ = "reopening_approvals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["period_id", "version"],
            ["period_closures.period_id", "period_closures.version"],
            name="reopening_approvals_closure_fkey",
        ),
        CheckConstraint("reason <> ''", name="reason_told"),
    )
    period_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)  # the snapshot that no longer counts
    actor: Mapped[str] = mapped_column(primary_key=True)  # organisation/role
    is_last: Mapped[bool] = mapped_column(primary_key=True)
    reason: Mapped[str]
    approved_at: Mapped[datetime]
