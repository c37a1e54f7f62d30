"""Messages about people who have died, which somebody would still send or see to."""

from datetime import datetime
from functools import partial
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.notifications.closing.commands import CloseMessage
from services.notifications.messages.models import Message
from services.notifications.messages.rules import OPEN
from services.notifications.people.models import Death, MergedPerson
from services.notifications.people.rules import STAFF

MOST_AT_ONCE = 500


def of_the_dead(_at: datetime, *, session: Session) -> list[CloseMessage]:
    """Return what waits or failed, to or for somebody who has died under any of their ids.

    Who has another id is asked for one by one: they are few.
    """
    dead = select(Death.person_id).where(Death.died_on.is_not(None))
    other_ids = (
        select(MergedPerson.person_id),
        select(MergedPerson.merged_person_id),
    )
    candidates = session.execute(
        select(Message.message_id, Message.person_id)
        .where(Message.state.in_(OPEN), Message.seen_to_at.is_(None))
        .where(Message.audience.not_in(STAFF))
        .where(or_(*(Message.person_id.in_(ids) for ids in (dead, *other_ids))))
        .order_by(Message.created_at, Message.message_id)
    )
    is_dead = partial(Death.is_known, session=session)
    found = (CloseMessage(message_id=id_) for id_, person_id in candidates if is_dead(person_id))
    return list(islice(found, MOST_AT_ONCE))
