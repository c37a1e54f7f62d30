"""By which way a message may go now, and in which words: everything is read when it is asked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.notifications.audiences.recipients import who_hears
from services.notifications.audiences.rules import Recipient
from services.notifications.choices.rules import london_day
from services.notifications.messages.models import Delivery, Message
from services.notifications.messages.rules import DeliveryState
from services.notifications.people.rules import Audience, Channel
from services.notifications.reaching.rules import (
    Reason,
    Standing,
    Step,
    Stop,
    Wait,
    Wanted,
    next_step,
)
from services.notifications.reaching.standing import standing_of, standing_of_other
from services.notifications.saying import words as saying
from services.notifications.saying.words import ToSay
from services.notifications.templates.wording import Wording
from services.notifications.topics.rules import Importance
from services.notifications.topics.table import TOPICS


def addressee(message: Message, *, at: datetime, session: Session) -> Recipient | None:
    """Return to whom a message goes, as it is known now; None if they are not to hear of it."""
    found = who_hears(
        message.audience,
        person_id=message.person_id,
        concern=TOPICS[message.topic].concern,
        role=None,
        named_ids=[message.recipient_id],
        on_day=london_day(at),
        session=session,
    )
    return next((one for one in found if one.recipient_id == message.recipient_id), None)


def standing_with(message: Message, *, at: datetime, session: Session) -> Standing:
    """Return how whoever a message is for may be written to now."""
    if message.audience is Audience.HOLDER:
        return standing_of(message.person_id, at=at, session=session)
    return standing_of_other(
        addressee(message, at=at, session=session),
        audience=message.audience,
        person_id=message.person_id,
        at=at,
        session=session,
    )


def step_with(
    message: Message, standing: Standing, deliveries: list[Delivery], *, at: datetime
) -> Step:
    """Return what may be done with a message now."""
    topic = TOPICS[message.topic]
    wanted = Wanted(
        topic=message.topic,
        allowed=topic.channels_to(message.audience),
        is_critical=message.importance is Importance.CRITICAL,
        tried={one.channel for one in deliveries if one.state is DeliveryState.FAILED},
        put_off=_put_off(deliveries, at=at),
    )
    return next_step(standing, wanted)


def first_that_can(
    message: Message,
    channels: Sequence[Channel],
    standing: Standing,
    *,
    at: datetime,
    session: Session,
) -> Wording | None:
    """Return the words for the first channel that can say it, as people and words are now."""
    recipient = addressee(message, at=at, session=session)
    if message.facts is None or recipient is None:  # of an earlier release, or emptied
        return None
    to_say = ToSay(
        topic=message.topic,
        facts=message.facts,
        person_id=message.person_id,
        audience=message.audience,
        words=TOPICS[message.topic].words_for(message.audience),
        recipient=recipient,
    )
    return saying.first_that_can(to_say, channels, standing, session=session)


def step_unsaid(deliveries: list[Delivery], *, at: datetime) -> Step:
    """Return what is done where no channel can say it: one that is full today may, tomorrow."""
    if put_off := _put_off(deliveries, at=at):
        return Wait(reason=Reason.DAILY_LIMIT, until=min(put_off.values()))
    return Stop(reason=Reason.CANNOT_BE_SAID, is_for_somebody=True)


def _put_off(deliveries: list[Delivery], *, at: datetime) -> dict[Channel, datetime]:
    return {
        one.channel: one.put_off_until
        for one in deliveries
        if one.put_off_until is not None and one.put_off_until > at
    }
