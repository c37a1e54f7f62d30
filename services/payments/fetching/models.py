"""How far the issuer was asked for what it could not deliver."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.tables import Table


class EventListing(Table):
    """The one row of it."""

    __tablename__ = "event_listings"
    __table_args__ = (CheckConstraint("listing = 1", name="one"),)
    listing: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    listed_at: Mapped[datetime | None] = mapped_column(default=None)  # and all of it kept
    asked_at: Mapped[datetime | None] = mapped_column(default=None)
