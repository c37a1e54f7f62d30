"""Cards and who holds them, by the issuer's ids. There is no column for a number."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table


class CardState(enum.StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"  # nothing is approved on it any more; captures can still come


class Cardholder(Table):
    """A broker as the issuer knows them."""

    __tablename__ = "cardholders"
    staff_id: Mapped[UUID] = mapped_column(primary_key=True)
    issuer_cardholder_id: Mapped[str] = mapped_column(unique=True)


class Card(Table):
    """A virtual card for one purchase."""

    __tablename__ = "cards"
    card_id: Mapped[UUID] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), unique=True)
    issuer_card_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[CardState]
    issued_at: Mapped[datetime]
