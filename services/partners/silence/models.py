"""The table of silences: each is told once, and over when something is heard."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from services.partners.tables import Table


class Silence(Table):
    """From an instant on nothing was heard of a partner."""

    __tablename__ = "silences"
    partner: Mapped[str] = mapped_column(primary_key=True)
    silent_since: Mapped[datetime] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]
