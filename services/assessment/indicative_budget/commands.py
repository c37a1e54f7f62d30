"""What can be asked about an indicative budget."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.indicative_budget.rules import BudgetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferBudget:
    """Work out what a person may plan with, and tell them."""

    referral_id: UUID
    budget_kind: BudgetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineBudget:
    """The person, informed, wants no budget now. Their services stay as they are."""

    referral_id: UUID
    informed_by_role: str
    informed_on: date
