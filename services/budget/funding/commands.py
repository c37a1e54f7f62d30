"""What can be asked about money coming in."""

from dataclasses import dataclass
from uuid import UUID

from services.budget.funding.rules import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitContribution:
    """Take a funder's word, under the pool's agreement, that it will pay what it was called for."""

    contribution_id: UUID  # from the call
    budget_id: UUID
    funder_id: UUID
    amount_pence: int
    terms: Terms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaseContribution:
    """Remind of a contribution that is late."""

    contribution_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveContribution:
    """Book what a funder, or the person, has paid in."""

    contribution_id: UUID  # from the call
    budget_id: UUID
    funder_id: UUID
    amount_pence: int
    bank_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseContribution:
    """Book what a funder has released from a block contract: no new money is paid in."""

    contribution_id: UUID  # from the call
    budget_id: UUID
    funder_id: UUID
    amount_pence: int
    contract_reference: str
    terms: Terms | None = None
