"""What assessment tells of people is kept, whatever the order in which it arrives."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.people.models import Death, NamedContact, Person
from services.notifications.people.rules import Channel, person_to_ask
from shared.contracts.assessment.life_events import PersonDied
from shared.contracts.assessment.people import (
    CareTeamChanged,
    ContactDetailsChanged,
)
from shared.trace import Trace


def keep_contact_details(event: ContactDetailsChanged, *, session: Session, trace: Trace) -> None:
    """Keep how a person is called and reached, unless something newer is known."""
    facts = asdict(event)
    del facts["event_id"], facts["occurred_at"]
    facts["preferred_channel"] = Channel(event.preferred_channel)
    _keep_if_newer(Person, facts, session=session)


def keep_named_contact(event: CareTeamChanged, *, session: Session, trace: Trace) -> None:
    """Keep whom a person can ask, unless something newer is known."""
    chosen = person_to_ask([(member.role, member.name) for member in event.members])
    name, role = chosen or (None, None)
    facts = {"person_id": event.person_id, "version": event.version, "name": name, "role": role}
    _keep_if_newer(NamedContact, facts, session=session)


def keep_death(event: PersonDied, *, session: Session, trace: Trace) -> None:
    """Keep that somebody has died, so that nothing more is sent to them."""
    row = insert(Death).values(person_id=event.person_id, died_on=event.died_on)
    session.execute(row.on_conflict_do_nothing(index_elements=["person_id"]))


def _keep_if_newer(
    model: type[Person | NamedContact], facts: Mapping[str, Any], *, session: Session
) -> None:
    row = insert(model).values(**facts)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["person_id"], set_=facts, where=model.version < row.excluded.version
        )
    )
