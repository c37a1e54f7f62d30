"""What can be asked about money that is held."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPurchase:
    """Call a purchase off while nothing has been paid or ordered."""

    purchase_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishPurchase:
    """Buy nothing more with a purchase that was used in part, and let the rest go."""

    purchase_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LapsePurchase:
    """End a purchase that was not used while its money was held. Not from the edge."""

    purchase_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPurchase:
    """Look again whether the payee of a purchase can be paid. Not from the edge."""

    purchase_id: UUID
