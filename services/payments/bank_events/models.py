"""The bank's events as they came."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.bank_events.rules import EventState
from services.payments.tables import Table


class BankEvent(Table):
    """One event. Its id is the bank's, so that a repeat is recognised."""

    __tablename__ = "bank_events"
    event_id: Mapped[str] = mapped_column(primary_key=True)
    event_type: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    received_at: Mapped[datetime]
    state: Mapped[EventState] = mapped_column(default=EventState.WAITING)
