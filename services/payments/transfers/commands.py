"""What can be asked about paying by bank transfer."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInvoice:
    """Pay the supplier's invoice for a purchase."""

    purchase_id: UUID
    invoice_number: str
    amount_pence: int
    is_last: bool = False  # nothing more comes: the rest of the hold is let go
    is_not_a_repeat: bool = False  # said when it was asked whether it is another purchase's
    not_a_repeat_because: str = ""
