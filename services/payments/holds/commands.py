"""What can be asked about money that is held."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPurchase:
    """Call a purchase off while nothing has been paid or ordered."""

    purchase_id: UUID
    reason: str
