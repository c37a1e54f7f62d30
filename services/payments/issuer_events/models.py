"""The issuer's events as they came, without card numbers."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.issuer_events.rules import EventState, IssuerName
from services.payments.tables import Table


class IssuerEvent(Table):
    """One event. Its id is the issuer's, so that a repeat is recognised."""

    __tablename__ = "issuer_events"
    event_id: Mapped[str] = mapped_column(primary_key=True)
    event_type: Mapped[str]
    issuer: Mapped[IssuerName]  # whose form it has
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    received_at: Mapped[datetime]
    state: Mapped[EventState] = mapped_column(default=EventState.WAITING)
