"""What can be asked about receipts' files."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.payments.receipts.commands import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class AskUpload:
    """Ask for an address to which a receipt's file can be sent, once."""

    purchase_id: UUID
    receipt_id: UUID
    sha256: str | None  # where it is known before: another file is then not taken
    amount_pence: int
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReceipt:
    """Ask for an address at which a receipt's file can be read, once."""

    receipt_id: UUID
    asked_by: UUID  # a staff id: it is kept who looked
