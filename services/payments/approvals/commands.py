"""What can be asked of a second person, and of the broker whose purchase came back."""

from dataclasses import dataclass
from uuid import UUID

from services.payments.approvals.rules import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideOnPurchase:
    """Approve a purchase, return it to be changed, or reject it."""

    purchase_id: UUID
    decision: Decision
    decided_by: UUID  # a staff id
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendPurchase:
    """Ask again for a purchase that came back, for no more than before."""

    purchase_id: UUID
    amended_by: UUID  # a broker of the person
    amount_pence: int
    instruction: str
