"""What a person chose is written down, and what waits is looked at anew."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.notifications.audiences.recipients import acting_for
from services.notifications.choices.models import Choice
from services.notifications.messages.models import Message
from services.notifications.messages.rules import MessageState
from services.notifications.people.digests import digest
from services.notifications.people.models import Person, every_id
from services.notifications.people.rules import Audience, Channel
from services.notifications.preferences.commands import SetPreferences
from services.notifications.reaching.rules import Reason
from services.notifications.topics.rules import Importance
from services.notifications.topics.table import TOPICS
from shared.errors import NotKnownYetError, Refusal
from shared.trace import Trace


class TopicNotDeclinableError(Refusal):
    """There is no such topic, or it is of those that everybody must hear of."""

    code = "topic_not_declinable"
    next_step = "Take the topic that the details name out of the list."


class ChangedMeanwhileError(Refusal):
    """Somebody else has written down what the person chose since it was read."""

    code = "changed_meanwhile"
    next_step = "Read it again, and decide with what stands there now."


class NoMobileError(Refusal):
    """No number is known that could be safe to text."""

    code = "no_mobile"
    next_step = "Have the number recorded first, or say that texts are not safe."


def set_preferences(command: SetPreferences, *, session: Session, trace: Trace) -> None:
    """Write down a new version of what a person chose, with who says so and why.

    That texts are safe is said of the number they have now, and counts for no other.

    Raises:
        NotKnownYetError: this person, or who is to be copied, has not arrived here yet.
        TopicNotDeclinableError: a topic is unknown or critical.
        NoMobileError: texts are called safe and there is no number.
        ChangedMeanwhileError: it replaces another version than the one that counts now.
    """
    ids = every_id(command.person_id, session=session)
    person = session.get(Person, ids[0], with_for_update=True)
    if person is None:
        raise NotKnownYetError("This person is not known here yet.", person_id=str(ids[0]))
    versions = _versions(ids, session=session)
    counts_now = next(iter(versions), 0)
    if command.replaces_version not in {None, counts_now}:
        raise ChangedMeanwhileError("What they chose has changed meanwhile.", version=counts_now)
    for topic in command.declined_topics:
        if not _is_declinable(topic):
            raise TopicNotDeclinableError("This cannot be declined.", topic=topic)
    if command.is_safe_to_text and not person.mobile:
        raise NoMobileError("There is no number to text.")
    acting = {one.representative_id for one in acting_for(ids[0], session=session)}
    for one in command.copied:
        if one not in acting:
            raise NotKnownYetError(
                "Nobody known here acts under this id.", representative_id=str(one)
            )
    safe_mobile = digest(Channel.SMS, person.mobile or "") if command.is_safe_to_text else None
    session.add(
        Choice(
            person_id=ids[0],
            version=max(versions, default=0) + 1,
            channels=[channel.value for channel in command.channels],
            declined_topics=sorted(set(command.declined_topics)),
            copied=sorted({str(one) for one in command.copied}),
            language=command.language,
            accessible_format=command.accessible_format,
            opens=command.opens,
            closes=command.closes,
            is_safe_to_text=command.is_safe_to_text,
            safe_mobile=safe_mobile,
            chosen_at=trace.at,
            set_by=command.set_by,
            reason=command.reason,
        )
    )
    session.execute(
        update(Message)
        .where(Message.person_id.in_(ids))
        .where(Message.state == MessageState.HELD, Message.reason == Reason.QUIET_HOURS)
        .values(not_before=trace.at)
    )


def _versions(ids: Sequence[UUID], *, session: Session) -> Sequence[int]:
    """Return the versions of what somebody chose under any id, the one that counts first."""
    chosen = select(Choice.version).where(Choice.person_id.in_(ids))
    return session.scalars(chosen.order_by(Choice.chosen_at.desc(), Choice.version.desc())).all()


def _is_declinable(topic: str) -> bool:
    """Tell whether a person hears of a topic at all, and may say that they do not want to."""
    known = TOPICS.get(topic)
    return (
        known is not None
        and Audience.HOLDER in known.audiences
        and known.importance is not Importance.CRITICAL
    )
