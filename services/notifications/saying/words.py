"""Finds the words of a message, as people and words are now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.audiences.rules import Recipient
from services.notifications.copies.wording import Concerned, wording_for_other
from services.notifications.people.models import NamedContact, Person, surviving_id
from services.notifications.people.rules import Audience, Channel
from services.notifications.phrases.rules import Fact
from services.notifications.reaching.rules import Standing
from services.notifications.settings import around
from services.notifications.templates.wording import Wording, wording_for


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSay:
    """What is to be said, and to whom."""

    topic: str
    facts: Mapping[str, Fact]
    person_id: UUID  # whom it concerns
    audience: Audience
    words: str  # on file, for somebody beside the person
    recipient: Recipient


def first_that_can(
    to_say: ToSay, channels: Sequence[Channel], standing: Standing, *, session: Session
) -> Wording | None:
    """Return the words for the first of these channels that can say it, or None if none can."""
    person = session.get_one(Person, surviving_id(to_say.person_id, session=session))
    if to_say.audience is Audience.HOLDER:
        wordings = _to_person(to_say, person, channels, standing, session=session)
    else:
        wordings = _to_other(to_say, person, channels)
    return next((wording for wording in wordings if wording is not None), None)


def _to_person(
    to_say: ToSay,
    person: Person,
    channels: Sequence[Channel],
    standing: Standing,
    *,
    session: Session,
) -> Iterator[Wording | None]:
    contact = _whom_to_ask(person.person_id, session=session)
    for channel in channels:
        yield wording_for(
            channel,
            topic=to_say.topic,
            language=standing.language,
            accessible_format=standing.accessible_format,
            name=person.called_by(channel),
            facts=to_say.facts,
            contact=contact,
            around=around(),
        )


def _to_other(
    to_say: ToSay, person: Person, channels: Sequence[Channel]
) -> Iterator[Wording | None]:
    concerned = Concerned(
        given_name=person.called_by(Channel.SMS), full_name=person.called_by(Channel.EMAIL)
    )
    for channel in channels:
        yield wording_for_other(
            channel,
            words=to_say.words,
            topic=to_say.topic,
            name=to_say.recipient.name,
            person=concerned,
            facts=to_say.facts,
            points=around(),
        )


def _whom_to_ask(person_id: UUID, *, session: Session) -> tuple[str, str] | None:
    contact = session.get(NamedContact, person_id)
    if contact is None or contact.name is None or contact.role is None:
        return None
    return contact.name, contact.role
