"""Addresses of receipts' files."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.addresses import Purpose
from services.payments.tables import Table


class ReceiptAddress(Table):
    """An address for one file and one use, and who asked for it."""

    __tablename__ = "receipt_addresses"
    address_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose]
    receipt_id: Mapped[UUID] = mapped_column(index=True)  # of an upload it may not be there yet
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"))
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]  # a staff id, or the organisation and role that asks
    expires_at: Mapped[datetime]
    # What is to come, of an upload.
    sha256: Mapped[str | None] = mapped_column(default=None)
    amount_pence: Mapped[int | None] = mapped_column(default=None)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default_factory=list)
    used_at: Mapped[datetime | None] = mapped_column(default=None)
