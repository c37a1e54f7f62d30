"""E-mails to an address end; what is to be said goes by another channel from then on."""

from sqlalchemy.orm import Session

from services.notifications.people.rules import Channel
from services.notifications.suppression.commands import Suppress
from services.notifications.suppression.handlers import suppress
from services.notifications.suppression.rules import SuppressionReason
from services.notifications.unsubscribe.commands import Unsubscribe
from shared.trace import Trace

SOURCE = "person/unsubscribe"


def unsubscribe(command: Unsubscribe, *, session: Session, trace: Trace) -> None:
    """Write no more e-mails to an address; asked for twice, it is done once."""
    no_more = Suppress(
        channel=Channel.EMAIL,
        address_digest=command.address_digest,
        person_id=None,
        reason=SuppressionReason.UNSUBSCRIBED,
        until=None,
        source=SOURCE,
    )
    suppress(no_more, session=session, trace=trace)
