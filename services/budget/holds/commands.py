"""What can be asked about holds; payments asks by its events."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHold:
    """Set money aside for a purchase until it is captured or released."""

    purchase_id: UUID  # chosen by payments, so that a repeat of the request is recognised
    budget_id: UUID
    item_id: UUID
    amount_pence: int
    tolerance_pence: int = 0  # held beyond it, as far as nothing else needs that money


@dataclass(frozen=True, slots=True, kw_only=True)
class Converge:
    """Bring a hold to two absolute amounts."""

    purchase_id: UUID
    version: int  # rises; what is not newer is ignored
    held_pence: int
    posted_pence: int
    unmatched_pence: int  # came back beyond what was captured


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireHold:
    """Let go of what a purchase has held for too long."""

    purchase_id: UUID
