"""Telling a person of an event: the words, the channel, the message and its errand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID, uuid4

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.messages.commands import Tell
from services.notifications.messages.models import Message
from services.notifications.messages.rules import MessageState
from services.notifications.messages.topics import TOPICS
from services.notifications.people.models import Death, NamedContact, Person, surviving_id
from services.notifications.people.rules import Channel, choose_channel
from services.notifications.settings import ContactPoints
from services.notifications.templates.library import library
from services.notifications.templates.rules import Template, fill, text_for, written_for
from shared.errors import NotKnownYetError
from shared.messaging import errands
from shared.trace import Trace

SEND_MESSAGE = "send_message"  # the kind of errand
LARGE_PRINT = "large_print"


class FactsUnfitError(Exception):
    """An event was put into other facts than its words have placeholders for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is said, and by which channel."""

    channel: Channel
    subject: str | None
    body: str


def tell(command: Tell, *, session: Session, trace: Trace) -> None:
    """Tell a person of an event, once for each event and topic; nothing if they have died.

    Raises:
        NotKnownYetError: how the person is reached has not arrived here yet.
    """
    if Death.is_known(command.person_id, session=session):
        return
    # A message keeps the id of its event, which whoever told it knows them by.
    person = session.get(Person, surviving_id(command.person_id, session=session))
    if person is None or session.get(Person, command.person_id) is None:
        raise NotKnownYetError(
            "How this person is reached is not known here yet.", person_id=str(command.person_id)
        )
    template = library().templates[command.topic]
    if template.facts != command.facts.keys():
        raise FactsUnfitError(command.topic)
    wording = _word(command, template=template, person=person, session=session)
    message_id = session.scalar(
        insert(Message)
        .values(
            message_id=uuid4(),
            event_id=command.event_id,
            person_id=command.person_id,
            topic=command.topic,
            importance=TOPICS[command.topic].importance,
            channel=wording.channel,
            language=template.language,
            language_wanted=person.language,
            format_wanted=person.accessible_format,
            template_version=template.version,
            subject=wording.subject,
            body=wording.body,
            correlation_id=trace.correlation_id,
            created_at=trace.at,
            state=MessageState.WAITING,
        )
        .on_conflict_do_nothing(constraint="messages_told_once_key")
        .returning(Message.message_id)
    )
    if message_id is not None:
        errands.add(session, SEND_MESSAGE, {"message_id": str(message_id)}, trace=trace)


def _word(command: Tell, *, template: Template, person: Person, session: Session) -> Wording:
    """Find the words, by text only where it stays short enough with the person's name in it."""
    frame, around = library().frame, _around()
    name = person.given_name or person.full_name
    text = text_for(template, frame=frame, name=name, around=around)
    channel = choose_channel(
        allowed=TOPICS[command.topic].channels,
        usable=person.usable_channels - ({Channel.SMS} if text is None else set()),
        preferred=person.preferred_channel,
        is_large_print=person.accessible_format == LARGE_PRINT,
    )
    if channel is Channel.SMS and text is not None:
        return Wording(channel=channel, subject=None, body=text)
    is_letter = channel is Channel.LETTER
    return Wording(
        channel=channel,
        subject=fill(template.heading, command.facts) if is_letter else template.subject,
        body=written_for(
            template,
            frame=frame,
            name=person.full_name,
            facts=command.facts,
            contact=_whom_to_ask(person.person_id, session=session),
            around=around,
        ),
    )


def _whom_to_ask(person_id: UUID, *, session: Session) -> tuple[str, str] | None:
    contact = session.get(NamedContact, person_id)
    if contact is None or contact.name is None or contact.role is None:
        return None
    return contact.name, contact.role


@cache
def _around() -> Mapping[str, str]:
    points = ContactPoints.from_environment()
    return {"web_address": points.web_address, "phone": points.phone}
