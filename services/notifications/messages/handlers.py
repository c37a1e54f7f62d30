"""Telling a person of an event: the words, the channel, the message and its errand."""

from collections.abc import Mapping
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
from services.notifications.templates.wording import Wording, wording_for
from shared.errors import NotKnownYetError
from shared.messaging import errands
from shared.trace import Trace

SEND_MESSAGE = "send_message"  # the kind of errand
LARGE_PRINT = "large_print"


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
    wording = _word(command, person=person, session=session)
    message_id = session.scalar(
        insert(Message)
        .values(
            message_id=uuid4(),
            event_id=command.event_id,
            person_id=command.person_id,
            topic=command.topic,
            importance=TOPICS[command.topic].importance,
            channel=wording.channel,
            language=wording.language,
            language_wanted=person.language,
            format_wanted=person.accessible_format,
            template_version=wording.version,
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


def _word(command: Tell, *, person: Person, session: Session) -> Wording:
    """Find the words, by text only where it stays short enough with the person's name in it."""

    def worded(channel: Channel) -> Wording | None:
        return wording_for(
            channel,
            topic=command.topic,
            language=person.language,
            accessible_format=person.accessible_format,
            name=person.called_by(channel),
            facts=command.facts,
            contact=_whom_to_ask(person.person_id, session=session),
            around=around(),
        )

    text = worded(Channel.SMS)
    channel = choose_channel(
        allowed=TOPICS[command.topic].channels,
        usable=person.usable_channels - ({Channel.SMS} if text is None else set()),
        preferred=person.preferred_channel,
        is_large_print=person.accessible_format == LARGE_PRINT,
    )
    wording = text if channel is Channel.SMS else worded(channel)
    if wording is None:  # only a text can be unsayable
        raise AssertionError(channel)
    return wording


def _whom_to_ask(person_id: UUID, *, session: Session) -> tuple[str, str] | None:
    contact = session.get(NamedContact, person_id)
    if contact is None or contact.name is None or contact.role is None:
        return None
    return contact.name, contact.role


@cache
def around() -> Mapping[str, str]:
    """Return what stands in every message: where to read more, and whom to call."""
    points = ContactPoints.from_environment()
    return {"web_address": points.web_address, "phone": points.phone}
