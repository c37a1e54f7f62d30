"""What can be asked about shares and the person's part."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgreement:
    """Fix the funders' shares of a budget's joint items, and call for their contributions."""

    agreement_id: UUID
    budget_id: UUID
    shares_basis_points: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFinancialAssessment:
    """Say what the council found that the person can pay a week, and for how many weeks."""

    budget_id: UUID
    weekly_contribution_pence: int
    weeks: int
