"""A budget, the items it pays for, and who agreed to pay which part."""

import enum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.accounts.rules import FunderId
from services.budget.tables import Table


class BudgetState(enum.StrEnum):
    PLANNED = "planned"  # the plan is approved; nobody has agreed shares yet
    CALLED = "called"  # contributions are called for
    ACTIVE = "active"  # all of them are paid in


class Budget(Table):
    """One person's budget for one support plan."""

    __tablename__ = "budgets"
    __table_args__ = (CheckConstraint("total_pence > 0", name="total_positive"),)
    budget_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    plan_version: Mapped[int]
    person_id: Mapped[UUID]
    legal_basis: Mapped[str]
    total_pence: Mapped[int]
    state: Mapped[BudgetState] = mapped_column(default=BudgetState.PLANNED)


class BudgetItem(Table):
    """One thing of the plan, with who pays for it."""

    __tablename__ = "budget_items"
    __table_args__ = (
        CheckConstraint("unit_cost_pence > 0", name="unit_cost_positive"),
        CheckConstraint("occurrences > 0", name="occurrences_positive"),
        CheckConstraint("payer IN ('joint', 'nhs', 'council')", name="payer_known"),
    )
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), index=True)
    description: Mapped[str]
    payer: Mapped[str]
    unit_cost_pence: Mapped[int]
    occurrences: Mapped[int]


class FinancialAssessment(Table):
    """What the council found that the person can pay a week."""

    __tablename__ = "financial_assessments"
    __table_args__ = (
        CheckConstraint("weekly_contribution_pence >= 0", name="contribution_not_negative"),
        CheckConstraint("weeks > 0", name="weeks_positive"),
    )
    budget_id: Mapped[UUID] = mapped_column(primary_key=True)
    weekly_contribution_pence: Mapped[int]
    weeks: Mapped[int]


class Agreement(Table):
    """The funders' shares of a budget's joint items, as they agreed them."""

    __tablename__ = "agreements"
    __table_args__ = (
        CheckConstraint("nhs_basis_points + council_basis_points = 10000", name="whole"),
    )
    agreement_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), unique=True)
    nhs_basis_points: Mapped[int]
    council_basis_points: Mapped[int]


class FunderShare(Table):
    """One funder's agreed part of a budget in pence, and how far its joint part is used."""

    __tablename__ = "funder_shares"
    __table_args__ = (
        CheckConstraint("agreed_pence >= joint_agreed_pence", name="joint_within_agreed"),
        CheckConstraint("joint_agreed_pence >= 0", name="joint_agreed_not_negative"),
    )
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), primary_key=True)
    funder_id: Mapped[FunderId] = mapped_column(primary_key=True)
    agreed_pence: Mapped[int]  # of everything
    joint_agreed_pence: Mapped[int]  # of the joint items
    joint_spent_pence: Mapped[int] = mapped_column(default=0)  # held and captured
