"""What can be asked of a support plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that the plan pays for, towards a goal in the person's words."""

    item_id: UUID
    goal: str
    category: str
    description: str
    unit_cost_pence: int
    occurrences: int
    frequency: str
    rail: str
    payee: str
    merchant_category_code: str | None  # four digits: where a card may buy it
    payer: str  # joint, nhs, council
    instead_of: str | None  # the service it takes the place of

    @property
    def total_pence(self) -> int:
        return self.unit_cost_pence * self.occurrences


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisPlan:
    """What the person wants to happen when things get bad."""

    early_signs: str
    helps: str
    contact: str
    substitute_manager: str | None  # who looks after the budget meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlan:
    """Write a plan, or a new version of it."""

    plan_id: UUID
    referral_id: UUID
    items: Sequence[Item]
    crisis_plan: CrisisPlan | None
    crisis_plan_declined_because: str | None  # exactly one of the two is there


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitPlan:
    """Put a version of a plan before the three who sign it."""

    plan_id: UUID
    version: int
