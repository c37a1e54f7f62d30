"""Forgetting what a message said."""

from sqlalchemy.orm import Session

from services.notifications.messages.models import Delivery, Message
from services.notifications.retention.commands import EmptyMessage
from shared.trace import Trace


def empty_message(command: EmptyMessage, *, session: Session, trace: Trace) -> None:
    """Forget the facts and the words of a message; that it was sent, how and when is kept.

    One that is on its way again by now, since its letter was not posted, keeps them.
    """
    message = session.get_one(Message, command.message_id, with_for_update=True)
    if message.emptied_at is not None or message.ended_at is None:
        return
    message.facts, message.emptied_at = None, trace.at
    for delivery in Delivery.of(command.message_id, session=session):
        delivery.subject = delivery.body = None
