"""The ledger's tables. An unbalanced posting, or one between two funders, has no form here."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy import func as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.accounts.rules import AccountKind
from services.budget.funders.rules import FunderKind
from services.budget.tables import Table


class Account(Table):
    """One account of one funder's book for one budget, under the name by which it is booked."""

    __tablename__ = "accounts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["funder_id", "funder_kind"],
            ["funders.funder_id", "funders.kind"],
            name="accounts_funder_fkey",
        ),
        UniqueConstraint("account_id", "funder_id", name="accounts_account_id_funder_id_key"),
        UniqueConstraint("budget_id", "funder_id", "name", name="accounts_one_of_a_name_key"),
        CheckConstraint(
            "kind NOT IN ('charged', 'charge_due') OR funder_kind = 'council'",
            name="only_council_charges",
        ),
        CheckConstraint(
            "(funder_kind = 'person') = (kind IN ('own_money', 'contributed'))", name="of_its_book"
        ),
    )
    account_id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True, init=False)
    budget_id: Mapped[UUID]
    funder_id: Mapped[UUID]
    funder_kind: Mapped[FunderKind]
    kind: Mapped[AccountKind]
    name: Mapped[str]


class Balance(Table):
    """What an account holds that may not be overdrawn: ``available`` and ``unallocated``.

    Only what is available can be held.
    """

    __tablename__ = "balances"
    __table_args__ = (
        ForeignKeyConstraint(["account_id"], ["accounts.account_id"]),
        CheckConstraint("posted_pence - held_pence >= 0", name="never_overdrawn"),
        CheckConstraint("held_pence >= 0", name="held_not_negative"),
        {"postgresql_with": {"fillfactor": 50}},
    )
    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    posted_pence: Mapped[int] = mapped_column(default=0)
    held_pence: Mapped[int] = mapped_column(default=0)
    moves: Mapped[int] = mapped_column(default=0, server_default="0")  # postings that moved it


class JournalKind(enum.StrEnum):
    CONTRIBUTION = "contribution"
    PROMISE = "promise"
    CHARGE = "charge"
    CAPTURE = "capture"
    REFUND = "refund"
    REAPPORTIONMENT = "reapportionment"
    REPAYMENT = "repayment"
    SETTLEMENT = "settlement"
    RISK_SHARE = "risk_share"
    YEAR_END = "year_end"
    ALLOCATION = "allocation"
    RESERVE = "reserve"
    BROKER = "broker"  # money to a broker's organisation, or back from it
    EVIDENCE = "evidence"  # what a direct payment was spent on was shown


class Journal(Table):
    """One entry in the books, made of postings; never changed afterwards."""

    __tablename__ = "journals"
    __table_args__ = (
        Index("journals_budget_id_effective_on_ix", "budget_id", "effective_on"),
        Index("journals_recorded_at_ix", "recorded_at"),
        Index("journals_effective_on_ix", "effective_on", postgresql_using="brin"),
        Index(
            "journals_reverses_key",  # a journal is reversed once
            text("(metadata ->> 'reverses')"),
            unique=True,
            postgresql_where=text("metadata ? 'reverses'"),
        ),
        UniqueConstraint("seq", name="journals_seq_key"),
        CheckConstraint("jsonb_typeof(metadata) = 'object'", name="metadata_object"),
        CheckConstraint(
            "effective_on BETWEEN '1900-01-01' AND '9998-12-31'", name="effective_on_sane"
        ),
        CheckConstraint(
            "occurred_on BETWEEN '1900-01-01' AND '9998-12-31'", name="occurred_on_sane"
        ),
        CheckConstraint("actor <> ''", name="actor_told"),
        CheckConstraint("reason <> ''", name="reason_told"),
    )
    journal_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID]
    kind: Mapped[JournalKind]
    source_id: Mapped[UUID]  # the contribution, purchase, repayment, invoice or run it is about
    effective_on: Mapped[date]  # the day it counts for in the books
    occurred_on: Mapped[date]  # the day it happened in the world
    actor: Mapped[str]  # organisation/role
    reason: Mapped[str]
    metadata_: Mapped[dict[str, Any]] = mapped_column("metadata", JSONB)
    seq: Mapped[int] = mapped_column(Identity(always=True), init=False)  # in order of writing
    # When it was written, behind the lock of its pool's periods: see docs/architecture/ledger.md.
    recorded_at: Mapped[datetime] = mapped_column(server_default=sql.clock_timestamp(), init=False)


class Posting(Table):
    """One amount from a debit account to a credit account of the same funder."""

    __tablename__ = "postings"
    __table_args__ = (
        ForeignKeyConstraint(["journal_id"], ["journals.journal_id"]),
        ForeignKeyConstraint(
            ["debit_account_id", "funder_id"],
            ["accounts.account_id", "accounts.funder_id"],
            name="postings_debit_account_fkey",
        ),
        ForeignKeyConstraint(
            ["credit_account_id", "funder_id"],
            ["accounts.account_id", "accounts.funder_id"],
            name="postings_credit_account_fkey",
        ),
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("debit_account_id <> credit_account_id", name="two_accounts"),
        Index("postings_debit_account_id_ix", "debit_account_id"),
        Index("postings_credit_account_id_ix", "credit_account_id"),
    )
    journal_id: Mapped[UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    funder_id: Mapped[UUID]
    debit_account_id: Mapped[int]
    credit_account_id: Mapped[int]
    amount_pence: Mapped[int]
