"""A text from a person: no more texts to that number, an answer, or a task for somebody."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.choices.models import Choice
from services.notifications.forms.rules import ENGLISH
from services.notifications.people.digests import digest
from services.notifications.people.models import Person, every_id, surviving_id
from services.notifications.people.rules import Channel
from services.notifications.replies.commands import RecordAnswer, SeeToReply, TakeReply
from services.notifications.replies.models import Reply
from services.notifications.replies.rules import (
    ANSWERED_AGAIN_AFTER,
    FOR_SOMEBODY,
    Meaning,
    meaning_of,
)
from services.notifications.replies.sealing import digest_of, sealed_number
from services.notifications.safeguarding.models import SafeguardingHold
from services.notifications.suppression.commands import Suppress
from services.notifications.suppression.handlers import suppress
from services.notifications.suppression.rules import SuppressionReason
from shared.errors import NotFoundError
from shared.messaging import errands
from shared.trace import Trace

ANSWER_REPLY = "answer_reply"  # the kind of errand
SOURCE = "person/reply"


def take_reply(command: TakeReply, *, session: Session, trace: Trace) -> None:
    """Take a text once, however often the provider brings it."""
    number_digest = digest(Channel.SMS, command.number)
    meaning = meaning_of(command.message)
    people = _people_with(number_digest, session=session)
    if meaning is Meaning.HELP and _is_held(people, session=session):
        meaning = Meaning.OTHER  # whoever asks may not be the person: somebody reads it instead
    is_answered_already = _is_answered_lately(number_digest, session=session, trace=trace)
    reply_id = session.scalar(
        insert(Reply)
        .values(
            reply_id=command.reply_id,
            number_digest=number_digest,
            message_digest=digest_of(command.message),
            meaning=meaning,
            person_id=people[0] if len(people) == 1 else None,
            sent_at=command.sent_at,
            received_at=trace.at,
        )
        .on_conflict_do_nothing()
        .returning(Reply.reply_id)
    )
    if reply_id is None:
        return
    if meaning is Meaning.STOP:
        stop = Suppress(
            channel=Channel.SMS,
            address_digest=number_digest,
            person_id=None,
            reason=SuppressionReason.STOP,
            until=None,
            source=SOURCE,
        )
        suppress(stop, session=session, trace=trace)
    elif meaning is Meaning.HELP and not is_answered_already:
        # Sealed, the number stands here until the answer is sent, and nowhere afterwards.
        arguments = {
            "reply_id": str(reply_id),
            "number": sealed_number(command.number),
            "language": _language_of(people, session=session),
        }
        errands.add(session, ANSWER_REPLY, arguments, trace=trace)


def record_answer(command: RecordAnswer, *, session: Session, trace: Trace) -> None:
    """Record that somebody who asked for help was answered."""
    session.get_one(Reply, command.reply_id, with_for_update=True).answered_at = trace.at


def see_to_reply(command: SeeToReply, *, session: Session, trace: Trace) -> None:
    """Record that somebody has read a text and acted on it; said twice, the first time counts.

    Who asked for help more than once was helped once.

    Raises:
        NotFoundError: there is no such text, or it needs nobody.
    """
    reply = session.get(Reply, command.reply_id, with_for_update=True)
    if reply is None or reply.meaning not in FOR_SOMEBODY:
        raise NotFoundError("No such text waits for somebody.")
    if reply.seen_to_at is not None:
        return
    again = select(Reply).where(
        Reply.number_digest == reply.number_digest,
        Reply.meaning == Meaning.HELP,
        Reply.seen_to_at.is_(None),
    )
    calls = session.scalars(again).all() if reply.meaning is Meaning.HELP else [reply]
    for one in calls:
        one.seen_to_at, one.seen_to_by = trace.at, command.seen_to_by


def _is_answered_lately(number_digest: str, *, session: Session, trace: Trace) -> bool:
    asked_before = (
        select(Reply.reply_id)
        .where(Reply.number_digest == number_digest, Reply.meaning == Meaning.HELP)
        .where(Reply.received_at > trace.at - ANSWERED_AGAIN_AFTER)
    )
    return session.scalars(asked_before.limit(1)).first() is not None


def _is_held(person_ids: Sequence[UUID], *, session: Session) -> bool:
    """Tell whether one of these people is sent no texts, for their safety."""
    ids = [one for person_id in person_ids for one in every_id(person_id, session=session)]
    return Channel.SMS in SafeguardingHold.held_channels(ids, session=session)


def _language_of(person_ids: Sequence[UUID], *, session: Session) -> str:
    """Return in which language somebody is answered: English, if we do not know who asks."""
    if len(person_ids) != 1:
        return ENGLISH
    choice = Choice.newest(every_id(person_ids[0], session=session), session=session)
    person = session.get_one(Person, person_ids[0])
    return (choice and choice.language) or person.language


def _people_with(number_digest: str, *, session: Session) -> Sequence[UUID]:
    """Return whose number this is, each person once.

    Numbers are written in many ways and sealed, so all are looked through: replies are few.
    """
    people = session.execute(
        select(Person.person_id, Person.mobile).where(Person.mobile.is_not(None))
    )
    found = {
        surviving_id(person_id, session=session)
        for person_id, mobile in people
        if mobile and digest(Channel.SMS, mobile) == number_digest
    }
    return sorted(found)
