"""What can be asked about a reserve for a crisis."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.budget.agreements.commands import Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservePart:
    """What one funder promises."""

    funder_id: UUID
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCrisisReserve:
    """Promise money beside a budget, which is called when the person's crisis plan is in force."""

    reserve_id: UUID
    budget_id: UUID
    parts: Sequence[ReservePart]
    signatures: Sequence[Signature]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateCrisisReserve:
    """Make a reserve usable, up to what the crisis plan allows."""

    crisis_id: UUID
    budget_id: UUID
    cap_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandDownCrisisReserve:
    """Let what was not used of an activated reserve stand again for the next crisis."""

    crisis_id: UUID
    budget_id: UUID
