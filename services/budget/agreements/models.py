"""A budget, the items it pays for, and who agreed to pay which part."""

import enum
from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    UniqueConstraint,
    and_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.budget.accounts.rules import BudgetNotFoundError
from services.budget.tables import LOCKED, Table


class BudgetState(enum.StrEnum):
    PLANNED = "planned"  # the plan is approved; not every share is agreed
    CALLED = "called"  # contributions are called for
    ACTIVE = "active"  # each funder has paid in, or has committed under a pooled agreement
    ENDED = "ended"  # it has an end: from that day on nothing new is bought


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
    low_below_pence: Mapped[int] = mapped_column(default=0)  # when what is left is low
    is_low: Mapped[bool] = mapped_column(default=False)  # and was told
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("pools.pool_id"), default=None)


def known_budget(session: Session, budget_id: UUID) -> Budget:
    """Return a budget.

    Raises:
        BudgetNotFoundError: there is no such budget.
    """
    return _found(session.get(Budget, budget_id))


def locked_budget(session: Session, budget_id: UUID) -> Budget:
    """Lock a budget until the transaction ends, and return it.

    Raises:
        BudgetNotFoundError: there is no such budget.
    """
    return _found(locked_if_known(session, budget_id))


def locked_if_known(session: Session, budget_id: UUID) -> Budget | None:
    """Lock a budget until the transaction ends, and return it if there is one."""
    return session.get(Budget, budget_id, with_for_update=LOCKED)


def locked_budgets(session: Session, budget_ids: Collection[UUID]) -> Sequence[UUID]:
    """Lock budgets, in order so that nobody waits in a circle, and return those there are."""
    return session.scalars(
        select(Budget.budget_id)
        .where(Budget.budget_id.in_(set(budget_ids)))
        .order_by(Budget.budget_id)
        .with_for_update(key_share=LOCKED["key_share"])
    ).all()


def _found(budget: Budget | None) -> Budget:
    if budget is None:
        raise BudgetNotFoundError("There is no such budget.")
    return budget


class BudgetVersion(Table):
    """What a budget came to with one version of its plan, from a day on."""

    __tablename__ = "budget_versions"
    __table_args__ = (CheckConstraint("total_pence > 0", name="total_positive"),)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    plan_id: Mapped[UUID]
    total_pence: Mapped[int]
    starts_on: Mapped[date]


class EndReason(enum.StrEnum):
    """Why a budget ends (SI 2013/1617, reg. 17 names these among others)."""

    PLAN_ENDED = "plan_ended"
    PERSONS_WISH = "persons_wish"
    DIED = "died"
    MOVED = "moved"  # to another area, whose bodies take over


class Ending(Table):
    """From when on a budget buys nothing new, why, and who said so."""

    __tablename__ = "budget_endings"
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), primary_key=True)
    ends_on: Mapped[date]  # the first day on which nothing new is bought
    reason: Mapped[EndReason]
    actor: Mapped[str]  # organisation/role
    recorded_at: Mapped[datetime]


class HeardDeath(Table):
    """What assessment told last of somebody's death: that they died, or that it was a mistake.

    So a death that is heard late, or again, after it was taken back ends nothing.
    """

    __tablename__ = "heard_deaths"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]  # of what happened to the person, as assessment counts it
    is_taken_back: Mapped[bool]


def is_death_taken_back(session: Session, budget: Budget) -> bool:
    """Tell whether somebody lives of whom a budget's end says, or could say, that they died."""
    heard = session.get(HeardDeath, budget.person_id, populate_existing=True)
    return heard is not None and heard.is_taken_back


def ends_on(session: Session, budget_id: UUID) -> date | None:
    """Return the first day on which a budget buys nothing new, if it has an end."""
    ending = session.get(Ending, budget_id)
    return ending.ends_on if ending else None


class BudgetItem(Table):
    """One thing of the plan. Its payer is the purpose under which shares are agreed.

    Where its ``plan_version`` is not the budget's, the plan has it no longer: what was bought
    stays, and nothing more of it is.
    """

    __tablename__ = "budget_items"
    __table_args__ = (
        CheckConstraint("unit_cost_pence > 0", name="unit_cost_positive"),
        CheckConstraint("occurrences > 0", name="occurrences_positive"),
        CheckConstraint("payer IN ('joint', 'nhs', 'council')", name="payer_known"),
    )
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), index=True)
    plan_version: Mapped[int]
    description: Mapped[str]
    goal: Mapped[str]  # what it is for, in the person's words; empty if nobody said
    payer: Mapped[str]
    unit_cost_pence: Mapped[int]
    occurrences: Mapped[int]


class FinancialAssessment(Table):
    """What the council found that the person can pay a week."""

    __tablename__ = "financial_assessments"
    __table_args__ = (
        CheckConstraint("weekly_contribution_pence >= 0", name="contribution_not_negative"),
        CheckConstraint("weeks > 0", name="weeks_positive"),
        CheckConstraint("free_weeks BETWEEN 0 AND weeks", name="free_weeks_within"),
    )
    budget_id: Mapped[UUID] = mapped_column(primary_key=True)
    weekly_contribution_pence: Mapped[int]
    weeks: Mapped[int]
    free_weeks: Mapped[int]


class AgreementState(enum.StrEnum):
    AGREED = "agreed"
    PROVISIONAL = "provisional"  # disputed: in equal parts until it is decided
    SUPERSEDED = "superseded"  # decided: the decision counts from the same day


_IN_FORCE = "state IN ('agreed', 'provisional')"


class Agreement(Table):
    """Who pays which part of a budget for one purpose, from one day to another.

    Only its end and its state are ever changed: another agreement follows it.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("denominator > 0", name="denominator_positive"),
        UniqueConstraint("budget_id", "purpose", "version", name="agreements_version_key"),
        ExcludeConstraint(
            (text("budget_id"), "="),
            (text("purpose"), "="),
            (text("daterange(starts_on, ends_on)"), "&&"),
            where=text(_IN_FORCE),
            name="agreements_no_overlap_excl",
        ),
    )
    agreement_id: Mapped[UUID] = mapped_column(primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"))
    purpose: Mapped[str]
    version: Mapped[int]  # of this purpose, from 1
    state: Mapped[AgreementState]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # the first day on which it counts no more
    denominator: Mapped[int]


def is_in_force() -> ColumnElement[bool]:
    """Return the condition of an agreement that no other has followed, or decided, yet."""
    return and_(Agreement.ends_on.is_(None), Agreement.state != AgreementState.SUPERSEDED)


class AgreementShare(Table):
    """One funder's share, what that is in pence, and how far it is used."""

    __tablename__ = "agreement_shares"
    __table_args__ = (
        CheckConstraint("numerator >= 0", name="numerator_not_negative"),
        CheckConstraint("agreed_pence >= 0", name="agreed_not_negative"),
        CheckConstraint("cap_pence >= 0", name="cap_not_negative"),
    )
    agreement_id: Mapped[UUID] = mapped_column(
        ForeignKey("agreements.agreement_id"), primary_key=True
    )
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    numerator: Mapped[int]
    legal_basis: Mapped[str]
    priority: Mapped[int]  # who bears a lower number pays first
    cap_pence: Mapped[int | None]  # the most that this funder pays under this agreement
    agreed_pence: Mapped[int]  # of what the plan costs for this purpose
    spent_pence: Mapped[int] = mapped_column(default=0)  # held and captured; the books keep it


class AgreementSignature(Table):
    """One partner's word that it agrees; of whom nothing but the role."""

    __tablename__ = "agreement_signatures"
    agreement_id: Mapped[UUID] = mapped_column(
        ForeignKey("agreements.agreement_id"), primary_key=True
    )
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    role: Mapped[str]
    signed_on: Mapped[date]
