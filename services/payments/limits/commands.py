"""What can be asked about limits."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSpendingLimit:
    """Say what a role may ask for alone and approve, from a day on."""

    role: str
    from_on: date
    asks_up_to_pence: int
    approves_up_to_pence: int
    counts_for_days: int  # what is asked for in parts within them is one purchase
    set_by: UUID  # a staff id
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmSpendingLimit:
    """Let a limit count that lets a role do more than the one before."""

    role: str
    from_on: date
    confirmed_by: UUID  # a staff id
