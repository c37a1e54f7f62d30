"""Money to brokers and back, and what they said they have. Nothing here is changed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.broker_accounts.rules import Direction, Outcome
from services.budget.tables import Table


class BrokerTransfer(Table):
    """Money that a broker got, or gave back; its journal says whose it is."""

    __tablename__ = "broker_transfers"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("actor <> ''", name="actor_told"),
    )
    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), index=True)
    direction: Mapped[Direction]
    amount_pence: Mapped[int]
    bank_reference: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)  # so that a repeat is recognised
    actor: Mapped[str]
    recorded_at: Mapped[datetime]


class BrokerReport(Table):
    """What a broker said it has on a day. A difference is open until a later report agrees."""

    __tablename__ = "broker_reports"
    __table_args__ = (
        UniqueConstraint("budget_id", "number", name="broker_reports_budget_id_number_key"),
        CheckConstraint("(outcome = 'differs') = (owner IS NOT NULL)", name="owner_of_difference"),
        CheckConstraint("(owner IS NULL) = (due_on IS NULL)", name="day_of_owner"),
        CheckConstraint("actor <> ''", name="actor_told"),
    )
    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"))
    number: Mapped[int]  # of the budget, from 1
    reported_on: Mapped[date]
    outcome: Mapped[Outcome]
    owner: Mapped[str | None]  # organisation/role that looks after a difference
    due_on: Mapped[date | None]
    actor: Mapped[str]
    recorded_at: Mapped[datetime]


class BrokerReportLine(Table):
    """What a broker said it has of one funder's, and what the ledger said then."""

    __tablename__ = "broker_report_lines"
    report_id: Mapped[UUID] = mapped_column(
        ForeignKey("broker_reports.report_id"), primary_key=True
    )
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    reported_pence: Mapped[int]
    ledger_pence: Mapped[int]
