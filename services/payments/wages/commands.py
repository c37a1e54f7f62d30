"""What can be asked about wages."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWages:
    """Ask to pay a personal assistant for hours worked."""

    purchase_id: UUID  # chosen by the caller, so that a repeat is recognised
    budget_id: UUID
    item_id: UUID
    requested_by: UUID  # the broker's staff id
    instruction: str
    minutes: int
    hourly_rate_pence: int
    worked_from_on: date
    worked_until_on: date  # the last day worked
    is_not_a_repeat: bool = False
    not_a_repeat_because: str = ""
