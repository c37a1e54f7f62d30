"""What each account came to on a day and in a month, of the journals within the totals' reach."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.tables import Table


class DayTotal(Table):
    """The postings of one account that count for one day."""

    __tablename__ = "day_totals"
    __table_args__ = (
        CheckConstraint("debit_pence >= 0", name="debit_not_negative"),
        CheckConstraint("credit_pence >= 0", name="credit_not_negative"),
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.account_id"), primary_key=True, autoincrement=False
    )
    effective_on: Mapped[date] = mapped_column(primary_key=True)
    debit_pence: Mapped[int]
    credit_pence: Mapped[int]


class MonthTotal(Table):
    """The postings of one account that count for one month."""

    __tablename__ = "month_totals"
    __table_args__ = (
        CheckConstraint("debit_pence >= 0", name="debit_not_negative"),
        CheckConstraint("credit_pence >= 0", name="credit_not_negative"),
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.account_id"), primary_key=True, autoincrement=False
    )
    month_on: Mapped[date] = mapped_column(primary_key=True)  # its first day
    debit_pence: Mapped[int]
    credit_pence: Mapped[int]


class TotalsReach(Table):
    """The number of the last journal that is in the totals: all before it are, none after it."""

    __tablename__ = "totals_reach"
    __table_args__ = (CheckConstraint("is_only", name="one_row"),)
    is_only: Mapped[bool] = mapped_column(primary_key=True)
    seq: Mapped[int]
