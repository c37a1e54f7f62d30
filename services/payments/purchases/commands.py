"""What can be asked about a purchase."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPurchase:
    """Ask to buy one occurrence of an item of a person's plan."""

    purchase_id: UUID  # chosen by the caller, so that a repeat is recognised
    budget_id: UUID
    item_id: UUID
    amount_pence: int
    requested_by: UUID  # the broker's staff id
    instruction: str  # what the person asked for, in their words
