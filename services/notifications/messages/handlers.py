"""Telling of an event, once each: the next delivery of a message, or why there is none."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.audiences.recipients import who_hears
from services.notifications.choices.rules import london_day
from services.notifications.messages.commands import GoOn, Tell
from services.notifications.messages.models import Delivery, Message
from services.notifications.messages.rules import (
    LOOKED_FOR_AGAIN_AFTER,
    DeliveryState,
    MessageState,
)
from services.notifications.messages.ways import (
    first_that_can,
    standing_with,
    step_unsaid,
    step_with,
)
from services.notifications.on_file.library import library
from services.notifications.people.models import Death, Person, surviving_id
from services.notifications.people.rules import STAFF, TEAM_ROLES, Audience, Channel
from services.notifications.reaching.rules import (
    Reason,
    Send,
    Standing,
    Stop,
    Wait,
)
from services.notifications.templates.wording import FactsUnfitError, Wording
from services.notifications.topics.table import TOPICS
from shared.contracts.notifications import MessageUndeliverable
from shared.errors import NotKnownYetError
from shared.messaging import errands, outbox
from shared.trace import Trace

SEND_DELIVERY = "send_delivery"  # the kind of errand
UNDELIVERABLE = "undeliverable"  # the topic of which colleagues hear

log = structlog.get_logger()


def tell(command: Tell, *, session: Session, trace: Trace) -> None:
    """Tell of an event whoever is to hear of it, once for each event, topic and recipient.

    Where no colleague is known who was to hear, that waits for one (``latecomers/``). Of a
    person who has died only those hear who work on what is left to do.

    Raises:
        NotKnownYetError: how the person is reached has not arrived here yet.
    """
    audiences = TOPICS[command.topic].audiences
    if Death.is_known(command.person_id, session=session):
        audiences = tuple(one for one in audiences if one in STAFF)
    if not audiences:
        return
    # A message keeps the id of its event, which whoever told it knows them by.
    person = session.get(Person, surviving_id(command.person_id, session=session))
    if person is None or session.get(Person, command.person_id) is None:
        raise NotKnownYetError(
            "How this person is reached is not known here yet.", person_id=str(command.person_id)
        )
    topic = TOPICS[command.topic]
    for audience in audiences:
        role = TEAM_ROLES.get(audience, command.decider_role or "")
        hearing = who_hears(
            audience,
            person_id=command.person_id,
            concern=topic.concern,
            role=role,
            named_ids=command.named_ids,
            on_day=london_day(trace.at),
            session=session,
        )
        for one in hearing:
            message = _new(command, audience, one.recipient_id, session=session, trace=trace)
            if message is not None:
                _plan(message, session=session, trace=trace)  # unfit facts are the event's fault
        if not hearing and audience in STAFF:
            _wait_for(command, audience, role, session=session, trace=trace)


def tell_one(
    command: Tell, audience: Audience, recipient_id: UUID, *, session: Session, trace: Trace
) -> None:
    """Tell of an earlier event one of those who are to hear of it, once."""
    message = _new(command, audience, recipient_id, session=session, trace=trace)
    if message is not None:
        plan(message, session=session, trace=trace)


def _wait_for(
    command: Tell, audience: Audience, role: str, *, session: Session, trace: Trace
) -> None:
    """Keep what a colleague was to hear; until one is known, it stands under the person's id."""
    message = _new(command, audience, command.person_id, session=session, trace=trace)
    if message is not None:
        message.role = role
        hold(message, Reason.NOT_KNOWN_YET, until=trace.at + LOOKED_FOR_AGAIN_AFTER)


def _new(
    command: Tell, audience: Audience, recipient_id: UUID, *, session: Session, trace: Trace
) -> Message | None:
    """Return a message that is told now, or None where it was told before."""
    message_id = session.scalar(
        insert(Message)
        .values(
            message_id=uuid4(),
            event_id=command.event_id,
            person_id=command.person_id,
            audience=audience,
            recipient_id=recipient_id,
            topic=command.topic,
            importance=TOPICS[command.topic].importance_to(audience),
            facts=dict(command.facts),
            correlation_id=trace.correlation_id,
            created_at=trace.at,
            state=MessageState.WAITING,
        )
        .on_conflict_do_nothing(constraint="messages_told_once_key")
        .returning(Message.message_id)
    )
    return None if message_id is None else session.get_one(Message, message_id)


def go_on(command: GoOn, *, session: Session, trace: Trace) -> None:
    """Go on with a message that was held, if nobody has meanwhile."""
    message = session.get_one(Message, command.message_id, with_for_update=True)
    if message.state is MessageState.HELD:
        story = replace(trace, correlation_id=message.correlation_id)
        plan(message, session=session, trace=story)


def plan(message: Message, *, session: Session, trace: Trace) -> None:
    """Say a message by the next channel, or note why it is not said.

    The message is locked, and none of its deliveries is under way. Facts that the words of a
    later release do not fit would not fit tomorrow: somebody has to tell them.
    """
    try:
        _plan(message, session=session, trace=trace)
    except FactsUnfitError:
        log.error(  # noqa: TRY400 - the error says no more than this
            "facts_unfit", topic=message.topic, message_id=str(message.message_id)
        )
        ending = Stop(reason=Reason.CANNOT_BE_SAID, is_for_somebody=True)
        deliveries = Delivery.of(message.message_id, session=session)
        stop(message, ending, deliveries, session=session, trace=trace)


def _plan(message: Message, *, session: Session, trace: Trace) -> None:
    standing = standing_with(message, at=trace.at, session=session)
    deliveries = Delivery.of(message.message_id, session=session)
    step = step_with(message, standing, deliveries, at=trace.at)
    wording = None
    if isinstance(step, Send):
        wording = first_that_can(message, step.channels, standing, at=trace.at, session=session)
        step = step if wording else step_unsaid(deliveries, at=trace.at)
    if wording is not None:
        deliver(message, wording, standing, len(deliveries) + 1, session=session, trace=trace)
    elif isinstance(step, Wait):
        hold(message, step.reason, until=step.until)
    elif isinstance(step, Stop):
        stop(message, step, deliveries, session=session, trace=trace)


def give_over(message: Message, *, session: Session, trace: Trace) -> None:
    """Let somebody see to a message that the person perhaps has: it is not said once more.

    The message is locked, and none of its deliveries is under way.
    """
    standing = standing_with(message, at=trace.at, session=session)
    deliveries = Delivery.of(message.message_id, session=session)
    step = step_with(message, standing, deliveries, at=trace.at)
    if not isinstance(step, Stop):
        step = Stop(reason=Reason.NO_CHANNEL, is_for_somebody=True)
    stop(message, step, deliveries, session=session, trace=trace)


def hold(message: Message, reason: str, *, until: datetime | None) -> None:
    """Let a message wait, until an instant or until what holds it ends."""
    move(message, MessageState.HELD, reason=reason)
    message.not_before = until


def move(message: Message, state: MessageState, *, reason: str | None = None) -> None:
    """Bring a message to another state."""
    message.state, message.reason, message.not_before = state, reason, None


def deliver(
    message: Message,
    wording: Wording,
    standing: Standing,
    ordinal: int,
    *,
    session: Session,
    trace: Trace,
) -> Delivery:
    """Have a message said in these words, by their channel, and return how that goes on."""
    delivery = Delivery(
        delivery_id=uuid4(),
        message_id=message.message_id,
        ordinal=ordinal,
        channel=wording.channel,
        language=wording.language,
        language_wanted=standing.language,
        format_wanted=standing.accessible_format,
        template_version=wording.version,
        subject=wording.subject,
        body=wording.body,
        created_at=trace.at,
    )
    session.add(delivery)
    move(message, MessageState.WAITING)
    errands.add(session, SEND_DELIVERY, {"delivery_id": str(delivery.delivery_id)}, trace=trace)
    return delivery


def stop(
    message: Message, step: Stop, deliveries: list[Delivery], *, session: Session, trace: Trace
) -> None:
    """End a message; where somebody has to say it in another way, tell of that.

    What did not reach somebody beside the person is a task as well, and no event: events are
    of what the person was told.
    """
    message.ended_at = trace.at
    if not step.is_for_somebody:
        move(message, MessageState.SUPPRESSED, reason=step.reason)
        return
    failed = [one for one in deliveries if one.state is DeliveryState.FAILED]
    reason = (failed[-1].reason if failed else None) or step.reason
    move(message, MessageState.FAILED, reason=reason)
    if message.audience is not Audience.HOLDER:
        return
    told = MessageUndeliverable(
        message_id=message.message_id,
        person_id=message.person_id,
        topic=message.topic,
        channel=(failed[-1].channel if failed else Channel.LETTER).value,
        reason=reason,
        occurred_at=trace.at,
    )
    outbox.add(session, told, trace=trace)
    about = {"about": library().templates[message.topic].subject}
    to_see_to = Tell(
        event_id=told.event_id, person_id=message.person_id, topic=UNDELIVERABLE, facts=about
    )
    tell(to_see_to, session=session, trace=trace)
