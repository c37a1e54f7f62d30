"""Which partners are silent now."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.partners import partnership
from services.partners.inbound.models import ReceivedMessage
from services.partners.silence.commands import TellSilence
from services.partners.silence.rules import is_silent


def silent(at: datetime, *, session: Session) -> list[TellSilence]:
    """Return a command for each partner of whom nothing was heard for too long.

    Who never sent anything is not there yet, and not silent.
    """
    last = func.max(ReceivedMessage.received_at)
    heard = select(ReceivedMessage.partner, last).group_by(ReceivedMessage.partner)
    heard_at = dict(session.execute(heard).tuples().all())
    return [
        TellSilence(partner=one.code, silent_since=heard_at[one.code])
        for one in partnership.current().register.agreements.values()
        if one.code in heard_at
        and is_silent(heard_at=heard_at[one.code], at=at, after_hours=one.silent_after_hours)
    ]
