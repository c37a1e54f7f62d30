"""What can be asked about receipts."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachReceipt:
    """Say that there is a receipt for a purchase, and which file it is."""

    purchase_id: UUID
    receipt_id: UUID
    sha256: str  # of the file, in hexadecimal
    amount_pence: int
