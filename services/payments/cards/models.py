"""Cards and who holds them, by the issuer's ids. There is no column for a number."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.cards.rules import CardState
from services.payments.tables import Table


class Cardholder(Table):
    """Somebody in whose name cards are: a broker, or a person or their nominee themselves."""

    __tablename__ = "cardholders"
    __table_args__ = (
        CheckConstraint("name IS NOT NULL OR issuer_cardholder_id IS NOT NULL", name="known"),
    )
    holder_id: Mapped[UUID] = mapped_column(primary_key=True)
    # None: no card was issued to them yet.
    issuer_cardholder_id: Mapped[str | None] = mapped_column(unique=True, default=None)
    name: Mapped[str | None] = mapped_column(default=None)  # None: a broker; the care team has it


class Card(Table):
    """A virtual card for one purchase at a time: the only one, or the one of a series.

    In the name of ``Purchase.cardholder_id``: of a broker, or of who holds it themselves.
    """

    __tablename__ = "cards"
    __table_args__ = (
        # One card is in use; those that were lost or closed stay with what was bought by them.
        Index(
            "cards_in_use_ix",
            "purchase_id",
            unique=True,
            postgresql_where=text("state IN ('active', 'frozen')"),
        ),
        Index(
            "cards_of_series_ix",
            "series_id",
            unique=True,
            postgresql_where=text("state IN ('active', 'frozen')"),
        ),
    )
    card_id: Mapped[UUID] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID] = mapped_column(ForeignKey("purchases.purchase_id"), index=True)
    issuer_card_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[CardState]
    issued_at: Mapped[datetime]
    series_id: Mapped[UUID | None] = mapped_column(default=None)
    replaced_by: Mapped[UUID | None] = mapped_column(default=None)


class CardChange(Table):
    """What a card became, who said so, and why."""

    __tablename__ = "card_changes"
    change_id: Mapped[UUID] = mapped_column(primary_key=True)
    card_id: Mapped[UUID] = mapped_column(ForeignKey("cards.card_id"), index=True)
    state: Mapped[CardState]
    changed_by: Mapped[UUID | None]  # None: by rule
    because: Mapped[str]
    changed_at: Mapped[datetime]
