"""What can be asked about the end of a budget."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.agreements.models import EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class EndBudget:
    """Let a budget buy nothing new from a day on."""

    budget_id: UUID
    ends_on: date  # the first day on which nothing new is bought
    reason: EndReason
