"""Reads, in one transaction, all on which the way of a message depends."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.people.models import Death, Person, surviving_id
from services.notifications.people.rules import usual_order
from services.notifications.reaching.rules import Standing


def standing_of(person_id: UUID, *, session: Session) -> Standing:
    """Return how a person may be written to, by what is known of them under any of their ids."""
    person = session.get_one(Person, surviving_id(person_id, session=session))
    return Standing(
        is_dead=Death.is_known(person_id, session=session),
        order=usual_order(person.preferred_channel),
        usable=person.usable_channels,
        language=person.language,
        accessible_format=person.accessible_format,
    )
