"""What can be asked about sharing what was spent too much or too little."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.budget.agreements.commands import Signature
from services.budget.risk_share.rules import RiskRuleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPart:
    """What one partner bears of what is shared."""

    funder_id: UUID
    basis_points: int  # of 10,000
    most_pence: int | None  # the most that it takes on of the others' overspends in a year


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRiskRule:
    """Say how a pool shares its overspends and underspends from a financial year on."""

    rule_id: UUID
    pool_id: UUID
    kind: RiskRuleKind
    from_year: int  # 2026 is the year from 1 April 2026
    parts: Sequence[RiskPart]
    signatures: Sequence[Signature]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRiskShare:
    """Share a financial year's overspends and underspends by the pool's rule."""

    run_id: UUID
    pool_id: UUID
    financial_year: int
