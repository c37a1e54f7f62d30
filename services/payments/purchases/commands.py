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
    is_not_a_repeat: bool = False  # said when it was asked whether a similar one is the same
    not_a_repeat_because: str = ""
    is_wage: bool = False  # not from the edge: what is asked for by the hours worked
    series_id: UUID | None = None  # not from the edge: an occurrence of a series
    holder_id: UUID | None = None  # not from the edge: who buys with the card themselves
    most_tolerance_pence: int | None = None  # not from the edge: what a series' cap leaves for it
