"""What can be asked about an indicative budget."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.amounts.rules import BudgetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferBudget:
    """Work out what a person may plan with, and tell them."""

    referral_id: UUID
    budget_kind: BudgetKind
    weekly_contribution_pence: int  # by the council's financial assessment; 0: none is known


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineBudget:
    """The person, informed, wants no budget now. Their services stay as they are."""

    referral_id: UUID
    informed_by_role: str
    informed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculationAsked:
    """Somebody wants an earlier calculation worked out again, to see that it is the same."""

    referral_id: UUID
    version: int
