"""What follows when a budget has come to its end. Nobody asks for it from the edge."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPurchases:
    """Call off what a budget has open."""

    budget_id: UUID
