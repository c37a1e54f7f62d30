"""Telling whoever became known after an event what they were to hear of it."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.audiences.recipients import colleagues, who_hears
from services.notifications.choices.rules import london_day
from services.notifications.latecomers.commands import LookAgain
from services.notifications.latecomers.rules import MADE_UP_FOR_WITHIN, MISSED, is_over
from services.notifications.messages.commands import Tell
from services.notifications.messages.handlers import stop, tell_one
from services.notifications.messages.models import Message
from services.notifications.messages.rules import LOOKED_FOR_AGAIN_AFTER, MessageState
from services.notifications.people.models import Death, Person, every_id, surviving_id
from services.notifications.people.rules import Audience
from services.notifications.reaching.rules import Reason, Stop
from services.notifications.topics.table import TOPICS
from shared.trace import Trace


def tell_colleagues(person_id: UUID, *, session: Session, trace: Trace) -> None:
    """Tell the colleagues who are known by now what waited for them."""
    waiting = session.scalars(
        select(Message)
        .where(Message.person_id.in_(every_id(person_id, session=session)))
        .where(Message.state == MessageState.HELD, Message.reason == Reason.NOT_KNOWN_YET)
        .order_by(Message.created_at, Message.message_id)
        .with_for_update()
    )
    for message in waiting.all():
        _is_told(message, session=session, trace=trace)


def look_again(command: LookAgain, *, session: Session, trace: Trace) -> None:
    """Look once more for a colleague who was to hear of something, or end that."""
    message = session.get(Message, command.message_id, with_for_update=True)
    if message is None or message.reason != Reason.NOT_KNOWN_YET:
        return
    if _is_told(message, session=session, trace=trace):
        return
    if is_over(at=trace.at, created_at=message.created_at):
        is_missed = message.audience in MISSED
        ending = Stop(reason=Reason.NOBODY_NAMED, is_for_somebody=is_missed)
        stop(message, ending, [], session=session, trace=trace)
    else:
        message.not_before = trace.at + LOOKED_FOR_AGAIN_AFTER


def tell_representatives(
    person_id: UUID, newcomers: frozenset[UUID], *, session: Session, trace: Trace
) -> None:
    """Tell who became known as acting for a person what the person was told since they do.

    It goes back no further than two weeks, and to nothing of which the words are gone. They must
    have acted for the person on the day of each message, and do now.
    """
    survivor = session.get(Person, surviving_id(person_id, session=session))
    if not newcomers or survivor is None or Death.is_known(person_id, session=session):
        return
    told = session.scalars(
        select(Message)
        .where(Message.person_id.in_(every_id(person_id, session=session)))
        .where(Message.audience == Audience.HOLDER, Message.facts.is_not(None))
        .where(Message.state != MessageState.CANCELLED)
        .where(Message.created_at > trace.at - MADE_UP_FOR_WITHIN)
        .order_by(Message.created_at, Message.message_id)
    )
    for message in told.all():
        if Audience.REPRESENTATIVE in TOPICS[message.topic].audiences:
            for one in newcomers & _acting(message, session=session, trace=trace):
                _tell(message, Audience.REPRESENTATIVE, one, session=session, trace=trace)


def _acting(message: Message, *, session: Session, trace: Trace) -> frozenset[UUID]:
    """Return who hears of a message as one who acts for the person, then and now."""
    then, now = (
        {
            one.recipient_id
            for one in who_hears(
                Audience.REPRESENTATIVE,
                person_id=message.person_id,
                concern=TOPICS[message.topic].concern,
                role=None,
                named_ids=[],
                on_day=london_day(at),
                session=session,
            )
        }
        for at in (message.created_at, trace.at)
    )
    return frozenset(then & now)


def _is_told(message: Message, *, session: Session, trace: Trace) -> bool:
    """Tell the colleagues who are known by now, each in a message of their own, if any."""
    found = colleagues(message.person_id, role=message.role, session=session)
    survivor = session.get(Person, surviving_id(message.person_id, session=session))
    if not found or survivor is None:
        return False
    for one in found:
        _tell(message, message.audience, one.recipient_id, session=session, trace=trace)
    session.delete(message)
    return True


def _tell(
    message: Message, audience: Audience, recipient_id: UUID, *, session: Session, trace: Trace
) -> None:
    command = Tell(
        event_id=message.event_id,
        person_id=message.person_id,
        topic=message.topic,
        facts=message.facts or {},
    )
    story = replace(trace, correlation_id=message.correlation_id)
    tell_one(command, audience, recipient_id, session=session, trace=story)
