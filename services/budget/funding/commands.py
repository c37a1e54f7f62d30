"""What can be asked about money coming in."""

from dataclasses import dataclass
from uuid import UUID

from services.budget.accounts.rules import FunderId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveContribution:
    """Book what a funder, or the person, has paid in."""

    contribution_id: UUID  # from the call
    budget_id: UUID
    funder_id: FunderId
    amount_pence: int
    bank_reference: str
