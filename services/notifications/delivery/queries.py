"""What is known of a message on its way."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.messages.models import Message


def last_call(message_id: UUID, *, session: Session) -> tuple[UUID | None, datetime | None]:
    """Return the provider's id for a message, if known, and when it was last sent, if it was."""
    row = session.execute(
        select(Message.provider_id, Message.called_at).where(Message.message_id == message_id)
    ).one()
    return row.provider_id, row.called_at
