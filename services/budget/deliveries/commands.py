"""What can be asked about deliveries."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDelivery:
    """Count what a partner arranged and delivered against the item; nothing is paid."""

    delivery_id: UUID
    budget_id: UUID
    item_id: UUID
    amount_pence: int
    delivered_on: date
