"""What can be asked about card policies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCardPolicy:
    """Say what holds for every card from a day on."""

    policy_id: UUID
    tolerance_basis_points: int
    tolerance_cap_pence: int
    allowed_countries: Sequence[str] | None
    locks_at_issuer: bool
    payments_of_a_card: int
    close_after_days: int
    applies_from: date
    set_by: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCardPolicy:
    """Let a policy count that lets cards do more than the one before."""

    policy_id: UUID
    confirmed_by: UUID
