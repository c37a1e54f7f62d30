"""From a message that waits to one that arrived, or that somebody must say in another way.

What a provider says can come in any order, and before we know its id for the message.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notifications.delivery.commands import GiveUp, KeepReceipt, RecordAcceptance
from services.notifications.delivery.models import Receipt
from services.notifications.delivery.rules import DELIVERED, FAILURES, Outgoing, address_lines
from services.notifications.messages.models import Message
from services.notifications.messages.rules import MessageState, is_later
from services.notifications.people.models import Person, surviving_id
from services.notifications.people.rules import Channel
from shared.contracts.notifications import MessageDelivered, MessageSent, MessageUndeliverable
from shared.messaging import outbox
from shared.messaging.errands import RefusedOutsideError
from shared.trace import Trace


def start_sending(message_id: UUID, *, session: Session, at: datetime) -> UUID | Outgoing:
    """Note that a message is being sent, and return it as the provider needs it.

    The address is read now and not when the message was written: whoever lost their phone
    meanwhile gets no text on it. A message that the provider has already is not sent again;
    the provider's id for it is returned then.

    Raises:
        RefusedOutsideError: the person is not, or no longer, reached in this way.
    """
    message = session.get_one(Message, message_id, with_for_update=True)
    if message.provider_id is not None:
        return message.provider_id
    person = session.get_one(Person, surviving_id(message.person_id, session=session))
    if message.channel not in person.usable_channels:
        raise RefusedOutsideError(f"not_reached_by_{message.channel}")
    message.called_at = at
    return Outgoing(
        reference=str(message_id),
        channel=message.channel,
        to=_address(person, message.channel),
        subject=message.subject,
        body=message.body,
    )


def record_acceptance(command: RecordAcceptance, *, session: Session, trace: Trace) -> None:
    """Record that the provider took a message, and what it has said of it until now.

    Nobody reports that a letter arrived: it counts as delivered when it is taken.
    """
    _lock_provider_id(command.provider_id, session=session)
    message = session.get_one(Message, command.message_id, with_for_update=True)
    if message.accepted_at is not None:
        return
    message.accepted_at = trace.at
    message.provider_id = message.provider_id or command.provider_id
    outbox.add(session, MessageSent(**_facts(message), occurred_at=trace.at), trace=trace)
    _move(message, MessageState.ACCEPTED, session=session, trace=trace)
    if message.channel is Channel.LETTER:
        _move(message, MessageState.DELIVERED, session=session, trace=trace)
    for receipt in session.scalars(
        select(Receipt)
        .where(Receipt.provider_id == command.provider_id)
        .where(Receipt.message_id.is_(None))
    ):
        receipt.message_id = message.message_id
        _apply(receipt.status, message, session=session, trace=trace)


def give_up(command: GiveUp, *, session: Session, trace: Trace) -> None:
    """Record that a message could not be sent."""
    message = session.get_one(Message, command.message_id, with_for_update=True)
    _move(message, MessageState.FAILED, session=session, trace=trace, reason=command.reason)


def keep_receipt(command: KeepReceipt, *, session: Session, trace: Trace) -> None:
    """Keep what a provider says of a message and go by it, once however often it is said.

    A receipt of a message that we do not know is kept as well, until its acceptance is here.
    """
    _lock_provider_id(command.provider_id, session=session)
    message = _message_of(command, session=session)
    is_new = session.scalar(
        insert(Receipt)
        .values(
            receipt_id=uuid4(),
            provider_id=command.provider_id,
            reference=command.reference,
            status=command.status,
            completed_at=command.completed_at,
            received_at=trace.at,
            message_id=message.message_id if message else None,
        )
        .on_conflict_do_nothing(constraint="receipts_told_once_key")
        .returning(Receipt.receipt_id)
    )
    if is_new is None or message is None:
        return
    message.provider_id = message.provider_id or command.provider_id
    story = replace(trace, correlation_id=message.correlation_id)
    _apply(command.status, message, session=session, trace=story)


def _address(person: Person, channel: Channel) -> list[str]:
    if channel is Channel.LETTER:
        return address_lines(person.full_name, person.address_lines)
    return [(person.mobile if channel is Channel.SMS else person.email) or ""]


def _message_of(command: KeepReceipt, *, session: Session) -> Message | None:
    wanted = select(Message).with_for_update()
    if command.reference is not None:
        by_reference = wanted.where(Message.message_id == command.reference)
        if (message := session.scalar(by_reference)) is not None:
            return message
    return session.scalar(wanted.where(Message.provider_id == command.provider_id))


def _lock_provider_id(provider_id: UUID, *, session: Session) -> None:
    """Let a receipt and the acceptance of its message not pass each other unseen."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(str(provider_id)))))


def _apply(status: str, message: Message, *, session: Session, trace: Trace) -> None:
    if status == DELIVERED:
        _move(message, MessageState.DELIVERED, session=session, trace=trace)
    elif status in FAILURES:
        reason = FAILURES[status]
        _move(message, MessageState.FAILED, session=session, trace=trace, reason=reason)


def _move(
    message: Message,
    state: MessageState,
    *,
    session: Session,
    trace: Trace,
    reason: str | None = None,
) -> None:
    """Bring a message to ``state`` and tell of it, unless it is further on already."""
    if not is_later(state, than=message.state):
        return
    message.state = state
    message.reason = reason
    facts = _facts(message)
    if state is MessageState.DELIVERED:
        message.delivered_at = trace.at
        outbox.add(session, MessageDelivered(**facts, occurred_at=trace.at), trace=trace)
    elif state is MessageState.FAILED:
        told = MessageUndeliverable(**facts, reason=reason or "", occurred_at=trace.at)
        outbox.add(session, told, trace=trace)


def _facts(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "person_id": message.person_id,
        "topic": message.topic,
        "channel": message.channel.value,
    }
