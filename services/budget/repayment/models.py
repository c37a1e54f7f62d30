"""Repayments, what of each goes out of which book, and every step with who took it and why."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.repayment.commands import Asker, Manner, PaidBy
from services.budget.repayment.rules import Addressee, Ground, RepaymentState
from services.budget.tables import Table


class Repayment(Table):
    """Money that was left over, on its way back to whose it is."""

    __tablename__ = "repayments"
    __table_args__ = (
        Index("repayments_budget_id_ix", "budget_id"),
        Index(
            "repayments_one_open_ix",
            "budget_id",
            unique=True,
            postgresql_where=text("state NOT IN ('posted', 'withdrawn')"),
        ),
        CheckConstraint(
            "(notice_ends_on IS NULL) = (payable_on IS NULL)"
            " AND (notice_ends_on IS NULL) = (paid_by IS NULL)"
            " AND (notice_ends_on IS NULL) = (manner IS NULL)",
            name="notice_whole",
        ),
        CheckConstraint("payable_on >= notice_ends_on", name="payable_after_notice"),
    )
    repayment_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"))
    ground: Mapped[Ground]
    addressee: Mapped[Addressee]
    state: Mapped[RepaymentState]
    allowance_weeks: Mapped[int]
    plan_weeks: Mapped[int]
    contingency_pence: Mapped[int]
    committed_pence: Mapped[int | None]  # worked out from the plan where not told
    asked_pence: Mapped[int | None]  # all that was left over where not told
    notice_ends_on: Mapped[date | None] = mapped_column(default=None)  # the first day after it
    payable_on: Mapped[date | None] = mapped_column(default=None)
    paid_by: Mapped[PaidBy | None] = mapped_column(default=None)
    # Who proposed it; of what an earlier release proposed nobody knows.
    proposed_by: Mapped[UUID | None] = mapped_column(default=None)
    manner: Mapped[Manner | None] = mapped_column(default=None)


class RepaymentLine(Table):
    """What goes back out of one funder's book, and how the book stood when that was worked out.

    It is worked out when the repayment is proposed, and again, under the lock, when it is posted.
    """

    __tablename__ = "repayment_lines"
    __table_args__ = (
        CheckConstraint("own_pence >= 0", name="own_not_negative"),
        CheckConstraint("to_person_pence >= 0", name="to_person_not_negative"),
        CheckConstraint("charge_lowered_pence >= 0", name="charge_lowered_not_negative"),
        CheckConstraint(
            "own_pence + to_person_pence + charge_lowered_pence + committed_pence"
            " + contingency_pence + allowance_pence"
            " <= available_pence - held_pence - overspent_pence",
            name="within_surplus",
        ),
    )
    repayment_id: Mapped[UUID] = mapped_column(
        ForeignKey("repayments.repayment_id"), primary_key=True
    )
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    own_pence: Mapped[int]
    to_person_pence: Mapped[int]
    charge_lowered_pence: Mapped[int]
    available_pence: Mapped[int]  # held money included
    held_pence: Mapped[int]
    overspent_pence: Mapped[int]
    committed_pence: Mapped[int]
    contingency_pence: Mapped[int]
    allowance_pence: Mapped[int]


class RepaymentStep(Table):
    """One step of a repayment; never changed afterwards."""

    __tablename__ = "repayment_steps"
    __table_args__ = (
        CheckConstraint("actor <> ''", name="actor_told"),
        CheckConstraint("reason <> ''", name="reason_told"),
    )
    repayment_id: Mapped[UUID] = mapped_column(
        ForeignKey("repayments.repayment_id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    state: Mapped[RepaymentState]  # that it led to
    taken_at: Mapped[datetime]
    actor: Mapped[str]  # organisation/role
    asked_by: Mapped[Asker | None]  # of a reconsideration
    reason: Mapped[str]
    amount_pence: Mapped[int]  # of the whole repayment, after the step
