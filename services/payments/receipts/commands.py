"""What can be asked about receipts."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing on a receipt."""

    description: str
    quantity: int  # weighed goods are 1
    total_pence: int  # a discount is below 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachReceipt:
    """Say that there is a receipt for a purchase, and which file it is."""

    purchase_id: UUID
    receipt_id: UUID
    sha256: str  # of the file, in hexadecimal
    amount_pence: int
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReceiptBecause:
    """Say why there is no receipt for a purchase, and will be none."""

    purchase_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaseReceipt:
    """Ask for a receipt that is not there. Not from the edge: it is due by the clock."""

    purchase_id: UUID


class MediaType(enum.StrEnum):
    """The kinds of file that are taken."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
