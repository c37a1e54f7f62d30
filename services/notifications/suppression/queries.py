"""What keeps a person from being written to."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.notifications.people.digests import digest
from services.notifications.people.models import Person, every_id
from services.notifications.suppression.commands import SuppressionsAsked
from services.notifications.suppression.models import Suppression


def suppressions(asked: SuppressionsAsked, *, session: Session) -> list[Mapping[str, Any]]:
    """Return every suppression of a person or of an address they have now, ended ones too."""
    ids = every_id(asked.person_id, session=session)
    person = session.get(Person, ids[0])
    addresses = person.addresses if person else {}
    digests = [digest(channel, address) for channel, address in addresses.items()]
    found = session.scalars(
        select(Suppression)
        .where(or_(Suppression.person_id.in_(ids), Suppression.address_digest.in_(digests)))
        .order_by(Suppression.since, Suppression.suppression_id)
    )
    return [
        {
            "suppression_id": one.suppression_id,
            "channel": one.channel,
            "is_of_address": one.address_digest is not None,
            "reason": one.reason,
            "source": one.source,
            "since": one.since,
            "until": one.until,
            "lifted_at": one.lifted_at,
            "lifted_by": one.lifted_by,
        }
        for one in found
    ]
