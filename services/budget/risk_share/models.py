"""How a pool shares risk, and what came of it in each year."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from services.budget.risk_share.rules import Part, RiskRuleKind, RuleMissingError, Shared
from services.budget.tables import Table


class RiskRule(Table):
    """How a pool shares risk from a financial year on; another version may follow it."""

    __tablename__ = "risk_rules"
    __table_args__ = (UniqueConstraint("pool_id", "version", name="risk_rules_version_key"),)
    rule_id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.pool_id"))
    version: Mapped[int]  # of this pool, from 1
    kind: Mapped[RiskRuleKind]
    from_year: Mapped[int]  # the year in which the financial year begins


class RiskRulePart(Table):
    """What one partner bears."""

    __tablename__ = "risk_rule_parts"
    __table_args__ = (
        CheckConstraint("basis_points BETWEEN 0 AND 10000", name="basis_points_of_whole"),
        CheckConstraint("most_pence >= 0", name="most_not_negative"),
    )
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("risk_rules.rule_id"), primary_key=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    basis_points: Mapped[int]
    most_pence: Mapped[int | None]  # of the others' overspends, in a year


class RiskRuleSignature(Table):
    """One partner's word that it agrees to a rule; of whom nothing but the role."""

    __tablename__ = "risk_rule_signatures"
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("risk_rules.rule_id"), primary_key=True)
    funder_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    role: Mapped[str]
    signed_on: Mapped[date]


class RiskShareRun(Table):
    """A financial year of a pool whose risk was shared; never changed afterwards."""

    __tablename__ = "risk_share_runs"
    __table_args__ = (
        UniqueConstraint("pool_id", "financial_year", name="risk_share_runs_once_a_year_key"),
    )
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.pool_id"))
    financial_year: Mapped[int]
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("risk_rules.rule_id"))
    run_at: Mapped[datetime]


class RiskShareMove(Table):
    """What came to be due between two partners in one budget; never changed afterwards."""

    __tablename__ = "risk_share_moves"
    __table_args__ = (
        CheckConstraint("amount_pence > 0", name="amount_positive"),
        CheckConstraint("payer_id <> receiver_id", name="two_funders"),
    )
    run_id: Mapped[UUID] = mapped_column(ForeignKey("risk_share_runs.run_id"), primary_key=True)
    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budgets.budget_id"), primary_key=True)
    shared: Mapped[Shared] = mapped_column(primary_key=True)
    payer_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    receiver_id: Mapped[UUID] = mapped_column(ForeignKey("funders.funder_id"), primary_key=True)
    amount_pence: Mapped[int]


def rule_of(session: Session, pool_id: UUID, financial_year: int) -> RiskRule:
    """Return the rule by which a pool shares a year's risk.

    Raises:
        RuleMissingError: the partners have signed none.
    """
    rule = session.scalars(
        select(RiskRule)
        .where(RiskRule.pool_id == pool_id, RiskRule.from_year <= financial_year)
        .order_by(RiskRule.version.desc())
        .limit(1)
    ).first()
    if rule is None:
        raise RuleMissingError("The partners have signed no rule for this year.")
    return rule


def parts_of(session: Session, rule_id: UUID) -> list[Part]:
    """Return what each partner bears by a rule."""
    parts = session.scalars(
        select(RiskRulePart).where(RiskRulePart.rule_id == rule_id).order_by(RiskRulePart.funder_id)
    )
    return [
        Part(funder_id=part.funder_id, basis_points=part.basis_points, most_pence=part.most_pence)
        for part in parts
    ]
