"""Ending what waits or failed when the person it concerns has died."""

from sqlalchemy.orm import Session

from services.notifications.closing.commands import CloseMessage
from services.notifications.messages.handlers import stop
from services.notifications.messages.models import Message
from services.notifications.messages.rules import OPEN
from services.notifications.people.models import Death
from services.notifications.people.rules import STAFF
from services.notifications.reaching.rules import Reason, Stop
from shared.trace import Trace


def close_message(command: CloseMessage, *, session: Session, trace: Trace) -> None:
    """End a message that nobody needs to hear any more, unless the death was taken back meanwhile.

    What somebody has seen to stays as it is. What colleagues work on goes on.
    """
    message = session.get_one(Message, command.message_id, with_for_update=True)
    is_open = message.state in OPEN and message.seen_to_at is None
    if not is_open or message.audience in STAFF:
        return
    if Death.is_known(message.person_id, session=session):
        ending = Stop(reason=Reason.DECEASED, is_for_somebody=False)
        stop(message, ending, [], session=session, trace=trace)
