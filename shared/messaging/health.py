"""What a service says of its messages: whether any is waiting, stuck or dead."""

from typing import Any

from marshmallow import Schema
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared.messaging.tables import (
    Errand,
    ErrandState,
    InboxMessage,
    InboxState,
    OutboxMessage,
    OutboxState,
)

OPEN = (ErrandState.WAITING, ErrandState.CALLING, ErrandState.UNKNOWN)


class HealthForm(Schema):
    """Nothing is asked but how it goes."""


def health(_asked: Any, *, session: Session) -> dict[str, int]:
    """Return counts; all of them are 0 when the service is quiet and nothing is stuck."""

    def count(column: Any, *states: str) -> int:
        return session.scalar(select(func.count()).where(column.in_(states))) or 0

    return {
        "outbox_pending": count(OutboxMessage.state, OutboxState.PENDING),
        "outbox_parked": count(OutboxMessage.state, OutboxState.PARKED),
        "inbox_waiting": count(InboxMessage.state, InboxState.RETRY),
        "inbox_dead": count(InboxMessage.state, InboxState.DEAD),
        "errands_open": count(Errand.state, *OPEN),
        "errands_failed": count(Errand.state, ErrandState.FAILED),
    }
