"""Runs of the recharge, an invoice for each pair of funders, and its lines."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.tables import Table


class RechargeRun(Table):
    """A month of a pool that was recharged; never changed afterwards."""

    __tablename__ = "recharge_runs"
    __table_args__ = (
        UniqueConstraint("pool_id", "month", name="recharge_runs_once_a_month_key"),
        CheckConstraint("extract(day FROM month) = 1", name="month_by_its_first_day"),
    )
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.pool_id"))
    month: Mapped[date]  # its first day
    due_on: Mapped[date]
    run_at: Mapped[datetime]


class RechargeInvoice(Table):
    """What one funder has to pay another for a month, and how far that is settled.

    Only what says how far it is settled is ever changed.
    """

    __tablename__ = "recharge_invoices"
    __table_args__ = (
        UniqueConstraint(
            "run_id", "debtor_id", "creditor_id", name="recharge_invoices_once_a_pair_key"
        ),
        UniqueConstraint(
            "debtor_id", "creditor_id", "bank_reference", name="recharge_invoices_reference_key"
        ),
        CheckConstraint("debtor_id <> creditor_id", name="two_funders"),
        CheckConstraint("owed_back_pence >= 0", name="owed_back_not_negative"),
        CheckConstraint("net_pence >= 0", name="net_not_negative"),
        CheckConstraint("net_pence = owed_pence - owed_back_pence", name="net_of_both"),
        CheckConstraint("kept_pence BETWEEN 0 AND net_pence", name="kept_within"),
        CheckConstraint(
            "bank_reference IS NOT NULL OR settled_until IS NULL AND settled_at IS NULL",
            name="settled_by_reference",
        ),
    )
    invoice_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("recharge_runs.run_id"))
    debtor_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"))
    creditor_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"))
    owed_pence: Mapped[int]  # by the debtor to the creditor, over all budgets
    owed_back_pence: Mapped[int]  # by the creditor to the debtor
    net_pence: Mapped[int]
    bank_reference: Mapped[str | None] = mapped_column(default=None)
    settled_until: Mapped[UUID | None] = mapped_column(default=None)  # in the order of budgets
    kept_pence: Mapped[int] = mapped_column(default=0)  # of promises, with what was paid
    settled_at: Mapped[datetime | None] = mapped_column(default=None)  # the whole of it


class RechargeLine(Table):
    """What one funder owes another in one budget and in no run before; never changed afterwards.

    Below nothing where a refund came back for what was settled before.
    """

    __tablename__ = "recharge_lines"
    __table_args__ = (
        # At the end of the transaction: who is the debtor shows when the lines are added up.
        ForeignKeyConstraint(
            ["invoice_id"],
            ["recharge_invoices.invoice_id"],
            name="recharge_lines_invoice_id_fkey",
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("amount_pence <> 0", name="amount_not_nothing"),
        CheckConstraint("debtor_id <> creditor_id", name="two_funders"),
    )
    invoice_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(
        ForeignKey("budgets.budget_id"), primary_key=True, index=True
    )
    debtor_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    creditor_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"))
    amount_pence: Mapped[int]
