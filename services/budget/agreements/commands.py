"""What can be asked about shares and the person's part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one funder agreed to pay: ``numerator`` parts of the agreement's denominator."""

    funder_id: UUID
    numerator: int
    legal_basis: str | None  # the budget's where it is not told
    priority: int
    cap_pence: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One partner's word that it agrees."""

    funder_id: UUID
    role: str
    signed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgreement:
    """Say who pays which part of a budget for one purpose from a day on."""

    agreement_id: UUID
    budget_id: UUID
    pool_id: UUID
    purpose: str
    starts_on: date
    denominator: int
    shares: Sequence[Share]
    is_disputed: bool
    signatures: Sequence[Signature]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFinancialAssessment:
    """Say what the council found that the person can pay a week, and for how many weeks."""

    budget_id: UUID
    weekly_contribution_pence: int
    weeks: int
    free_weeks: int  # of these, the first ones, as with reablement
