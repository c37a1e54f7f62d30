"""From a delivery that is ready to one that arrived, or to the next channel.

What a provider says can come in any order, and before we know its id for the delivery.
Whoever changes a delivery has its message locked.
"""

from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.delivery.claims import (
    is_perhaps_there,
    last_attempt,
    locked,
    note_outcome,
)
from services.notifications.delivery.commands import (
    CancelMessage,
    Fail,
    KeepReceipt,
    RecordAcceptance,
    RecordSeenTo,
)
from services.notifications.delivery.models import Receipt
from services.notifications.delivery.rules import (
    ARRIVED,
    FAILURES,
    PERMANENT_FAILURE,
    TAKEN_BEFORE,
    CallOutcome,
)
from services.notifications.messages import handlers as messages
from services.notifications.messages.models import Delivery, Message
from services.notifications.messages.rules import DeliveryState, MessageState, is_later
from services.notifications.people.rules import Audience, Channel
from services.notifications.reaching.rules import Reason
from services.notifications.suppression.commands import Suppress
from services.notifications.suppression.handlers import suppress
from services.notifications.suppression.rules import SuppressionReason
from shared.contracts.notifications import MessageDelivered, MessageSent
from shared.errors import NotFoundError, Refusal
from shared.messaging import outbox
from shared.trace import Trace

_NOT_SENT = {MessageState.WAITING, MessageState.HELD}
_ENDED = {MessageState.DELIVERED, MessageState.CANCELLED, MessageState.SUPPRESSED}


class OnItsWayError(Refusal):
    """A provider has the message, or may have it, or it has come to its end."""

    code = "on_its_way"
    next_step = "Tell the person in another way that it was wrong."


def record_acceptance(command: RecordAcceptance, *, session: Session, trace: Trace) -> None:
    """Record that the provider took a delivery, and what it has said of it until now.

    Nobody reports that a letter arrived: it counts as delivered when it is taken, until we hear
    that it could not be printed.
    """
    _lock_provider_id(command.provider_id, session=session)
    delivery, message = locked(command.delivery_id, session=session)
    if delivery.accepted_at is not None:
        return
    delivery.accepted_at = trace.at
    delivery.provider_id = delivery.provider_id or command.provider_id
    note_outcome(delivery.delivery_id, CallOutcome.ACCEPTED, session=session)
    if message.audience is Audience.HOLDER:
        outbox.add(session, _sent(delivery, message, trace=trace), trace=trace)
    _move(delivery, message, DeliveryState.ACCEPTED, session=session, trace=trace)
    if delivery.channel is Channel.LETTER and delivery.state is DeliveryState.ACCEPTED:
        _move(delivery, message, DeliveryState.DELIVERED, session=session, trace=trace)
    for receipt in session.scalars(
        select(Receipt)
        .where(Receipt.provider == delivery.provider)
        .where(Receipt.provider_id == command.provider_id)
        .where(Receipt.delivery_id.is_(None))
    ):
        receipt.delivery_id = delivery.delivery_id
        _apply(receipt.status, delivery, message, session=session, trace=trace)


def fail(command: Fail, *, session: Session, trace: Trace) -> None:
    """Record that a delivery did not go, or did not arrive; the next channel is tried."""
    delivery, message = locked(command.delivery_id, session=session)
    failed = DeliveryState.FAILED
    _move(delivery, message, failed, reason=command.reason, session=session, trace=trace)


def keep_receipt(command: KeepReceipt, *, session: Session, trace: Trace) -> None:
    """Keep what a provider says of a delivery and go by it, once however often it is said.

    A receipt of a delivery that we do not know is kept as well, until its acceptance is here.
    """
    _lock_provider_id(command.provider_id, session=session)
    delivery_id = _delivery_of(command, session=session)
    is_new = session.scalar(
        insert(Receipt)
        .values(
            receipt_id=uuid4(),
            provider=command.provider,
            provider_id=command.provider_id,
            reference=command.reference,
            status=command.status,
            completed_at=command.completed_at,
            received_at=trace.at,
            delivery_id=delivery_id,
        )
        .on_conflict_do_nothing(constraint="receipts_told_once_key")
        .returning(Receipt.receipt_id)
    )
    if is_new is None or delivery_id is None:
        return
    delivery, message = locked(delivery_id, session=session)
    delivery.provider = delivery.provider or command.provider
    if delivery.provider_id is None or delivery.provider_id.startswith(TAKEN_BEFORE):
        delivery.provider_id = command.provider_id
    story = replace(trace, correlation_id=message.correlation_id)
    _apply(command.status, delivery, message, session=session, trace=story)


def cancel_message(command: CancelMessage, *, session: Session, trace: Trace) -> None:
    """Take back a message that was not sent; taken back twice, the first time counts.

    Raises:
        NotFoundError: there is no such message.
        OnItsWayError: it has ended, or a provider has it or may have it.
    """
    message = session.get(Message, command.message_id, with_for_update=True)
    if message is None:
        raise NotFoundError("There is no such message.")
    if message.state is MessageState.CANCELLED:
        return
    ready = [
        one
        for one in Delivery.of(command.message_id, session=session)
        if one.state is DeliveryState.READY
    ]
    may_be_sent = any(last_attempt(one.delivery_id, session=session) for one in ready)
    if message.state not in _NOT_SENT or may_be_sent:
        raise OnItsWayError("This message cannot be taken back.", state=message.state.value)
    messages.move(message, MessageState.CANCELLED, reason=Reason.CANCELLED)
    message.ended_at, message.cancelled_by = trace.at, command.cancelled_by


def record_seen_to(command: RecordSeenTo, *, session: Session, trace: Trace) -> None:
    """Record that somebody told a person what no channel could; said twice, the first counts.

    Raises:
        NotFoundError: there is no such message, or it needs nobody.
    """
    message = session.get(Message, command.message_id, with_for_update=True)
    if message is None or message.state is not MessageState.FAILED:
        raise NotFoundError("No such message waits for somebody.")
    if message.seen_to_at is None:
        message.seen_to_at, message.seen_to_by = trace.at, command.seen_to_by


def _delivery_of(command: KeepReceipt, *, session: Session) -> UUID | None:
    """Find the delivery of a receipt, by our reference or by the provider's id.

    Of what one provider has, another has nothing to say, whatever reference it gives.
    """
    wanted = select(Delivery.delivery_id)
    if command.reference is not None:
        by_reference = wanted.where(Delivery.delivery_id == command.reference).where(
            or_(Delivery.provider.is_(None), Delivery.provider == command.provider)
        )
        if (delivery_id := session.scalar(by_reference)) is not None:
            return delivery_id
    return session.scalar(
        wanted.where(Delivery.provider == command.provider).where(
            Delivery.provider_id == command.provider_id
        )
    )


def _lock_provider_id(provider_id: str, *, session: Session) -> None:
    """Let a receipt and the acceptance of its delivery not pass each other unseen."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(provider_id))))


def _sent(delivery: Delivery, message: Message, *, trace: Trace) -> MessageSent:
    return MessageSent(
        message_id=message.message_id,
        person_id=message.person_id,
        topic=message.topic,
        channel=delivery.channel.value,
        occurred_at=trace.at,
    )


def _apply(
    status: str, delivery: Delivery, message: Message, *, session: Session, trace: Trace
) -> None:
    if status in ARRIVED:
        delivery.settled_at = delivery.settled_at or trace.at
        _move(delivery, message, DeliveryState.DELIVERED, session=session, trace=trace)
    elif status in FAILURES:
        if FAILURES[status] == PERMANENT_FAILURE and delivery.channel is not Channel.LETTER:
            _suppress(delivery, session=session, trace=trace)
        failed, reason = DeliveryState.FAILED, FAILURES[status]
        _move(delivery, message, failed, reason=reason, session=session, trace=trace)


def _suppress(delivery: Delivery, *, session: Session, trace: Trace) -> None:
    """Write no more to the address to which a delivery went: nobody is there.

    Of a letter it says that it could not be printed, and nothing of its address.
    """
    called = last_attempt(delivery.delivery_id, session=session)
    if called is None:
        return
    suppression = Suppress(
        channel=delivery.channel,
        address_digest=called.address_digest,
        person_id=None,
        reason=SuppressionReason.PERMANENT_FAILURE,
        until=None,
        source=f"{called.provider}/provider",
    )
    suppress(suppression, session=session, trace=trace)


def _move(
    delivery: Delivery,
    message: Message,
    state: DeliveryState,
    *,
    session: Session,
    trace: Trace,
    reason: str | None = None,
) -> None:
    """Bring a delivery to ``state``, unless it is further on already, and its message with it."""
    if state is DeliveryState.FAILED and delivery.is_taken_letter:
        _take_back(delivery, message, session=session)
    if not is_later(state, than=delivery.state):
        return
    delivery.state, delivery.reason = state, reason
    if state is DeliveryState.DELIVERED:
        delivery.delivered_at = trace.at
    session.flush()
    _follow(delivery, message, session=session, trace=trace)


def _take_back(delivery: Delivery, message: Message, *, session: Session) -> None:
    """Take back that a letter arrived, and its message with it unless that came otherwise too."""
    delivery.state, delivery.delivered_at = DeliveryState.ACCEPTED, None
    session.flush()
    deliveries = Delivery.of(message.message_id, session=session)
    has_come = any(one.state is DeliveryState.DELIVERED for one in deliveries)
    if message.state is MessageState.DELIVERED and not has_come:
        messages.move(message, MessageState.ACCEPTED)
        message.delivered_at = message.ended_at = None


def _follow(delivery: Delivery, message: Message, *, session: Session, trace: Trace) -> None:
    """Bring a message to where its deliveries are; when none is under way it goes on."""
    states = {one.state for one in Delivery.of(message.message_id, session=session)}
    if delivery.state is DeliveryState.DELIVERED and message.state is not MessageState.DELIVERED:
        _arrive(delivery, message, session=session, trace=trace)
    elif message.state in _ENDED or DeliveryState.READY in states:
        return
    elif DeliveryState.ACCEPTED in states:
        messages.move(message, MessageState.ACCEPTED)
    elif delivery.state is DeliveryState.FAILED:
        is_uncertain = is_perhaps_there(delivery, session=session)
        go_on = messages.give_over if is_uncertain else messages.plan
        go_on(message, session=session, trace=trace)


def _arrive(delivery: Delivery, message: Message, *, session: Session, trace: Trace) -> None:
    messages.move(message, MessageState.DELIVERED)
    message.delivered_at = message.ended_at = trace.at
    message.cancelled_by = None  # it was taken back too late: the person has it
    if message.audience is not Audience.HOLDER:  # events are of what the person was told
        return
    told = MessageDelivered(
        message_id=message.message_id,
        person_id=message.person_id,
        topic=message.topic,
        channel=delivery.channel.value,
        occurred_at=trace.at,
    )
    outbox.add(session, told, trace=trace)
