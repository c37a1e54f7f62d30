"""The claim of a delivery: the last look before a provider is called, and what is noted of it."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from services.notifications.audiences.recipients import leading_organisation
from services.notifications.audiences.rules import Recipient
from services.notifications.choices.rules import london_day
from services.notifications.delivery.commands import PutOff
from services.notifications.delivery.models import Attempt
from services.notifications.delivery.rules import (
    NHS_NOTIFY,
    TAKEN_BEFORE,
    Accepted,
    CallOutcome,
    NotCalled,
    Outgoing,
    address_lines,
)
from services.notifications.letters.press import is_set_by_us, letter_of
from services.notifications.letters.rules import Letter
from services.notifications.messages import handlers as messages
from services.notifications.messages import ways
from services.notifications.messages.models import Delivery, Message
from services.notifications.messages.rules import DeliveryState, MessageState
from services.notifications.people.digests import digest
from services.notifications.people.models import Person, surviving_id
from services.notifications.people.rules import STAFF, Audience, Channel
from services.notifications.reaching.rules import Reason, Send
from services.notifications.unsubscribe.addresses import address_for
from shared.messaging.errands import OutcomeUnknownError
from shared.trace import Trace

LETTER_FOLDER = "letter-folder"  # the provider that takes printed letters alone


class ProviderOf(Protocol):
    """Names the provider by which a channel goes to somebody."""

    def __call__(
        self,
        channel: Channel,
        audience: Audience,
        *,
        organisation: str | None,
        has_nhs_number: bool,
    ) -> str:
        """Name it, given who leads the care and whether the person's NHS number is known."""


def claim(
    delivery_id: UUID,
    *,
    provider_of: ProviderOf,
    called_at: datetime,
    session: Session,
    trace: Trace,
) -> Outgoing | Accepted | NotCalled:
    """Note that a delivery is being sent, and return it as its provider needs it.

    All on which that depends is read now and not when the message was written: whoever lost
    their phone meanwhile gets no text on it. Where it may not be sent as it was planned, it is
    withdrawn and the message goes on in another way. What the provider has already is not sent
    again.

    Args:
        delivery_id: the delivery.
        provider_of: names the provider; it stays the delivery's.
        called_at: the system's time, by which the provider's silence is judged.
        session: committed before the call.
        trace: with the suite's time.

    Raises:
        OutcomeUnknownError: it may not be sent any more, and perhaps it was: it is left as it is.
    """
    delivery, message = locked(delivery_id, session=session)
    if delivery.provider_id is not None:
        return Accepted(provider_id=delivery.provider_id)
    if delivery.state is not DeliveryState.READY:
        return NotCalled()
    if (reason := _reason_to_withdraw(delivery, message, session=session, trace=trace)) is not None:
        if is_perhaps_there(delivery, session=session):
            raise OutcomeUnknownError
        _withdraw(delivery, message, reason, session=session, trace=trace)
        return NotCalled()
    nhs_number = _nhs_number(message, session=session)
    delivery.provider = delivery.provider or provider_of(
        delivery.channel,
        message.audience,
        organisation=leading_organisation(message.person_id, session=session),
        has_nhs_number=nhs_number is not None,
    )
    recipient = ways.addressee(message, at=trace.at, session=session)
    if recipient is None:  # cannot be: it was looked at just now
        return NotCalled()
    _note_attempt(delivery, recipient, called_at, session=session)
    to = _address(recipient, delivery.channel)
    letter = None
    if delivery.channel is Channel.LETTER:
        letter = _letter(delivery, message, to, session=session, trace=trace)
    return Outgoing(
        reference=str(delivery_id),
        channel=delivery.channel,
        to=to,
        subject=delivery.subject,
        body=delivery.body or "",
        letter=letter,
        nhs_number=nhs_number if delivery.provider == NHS_NOTIFY else None,
        is_to_staff=message.audience in STAFF,
        unsubscribe_url=_unsubscribe_url(delivery, message, to),
    )


def note_outcome(delivery_id: UUID, outcome: CallOutcome, *, session: Session) -> None:
    """Note what the last call of a delivery came to, if nobody has."""
    attempt = last_attempt(delivery_id, session=session)
    if attempt is not None and attempt.outcome is None:
        attempt.outcome = outcome


def last_attempt(delivery_id: UUID, *, session: Session) -> Attempt | None:
    """Return the last call of a delivery, if it was ever called."""
    attempts = select(Attempt).where(Attempt.delivery_id == delivery_id)
    return session.scalars(attempts.order_by(Attempt.number.desc()).limit(1)).first()


def is_perhaps_there(delivery: Delivery, *, session: Session) -> bool:
    """Tell whether NHS Notify has a delivery, for all we know, and cannot be asked.

    It knows no search by our reference. The same request again tells, since it takes each
    reference once; the same words under another reference would reach the person twice. So such
    a delivery is neither withdrawn nor followed by another until a repeat or a receipt tells.
    """
    if delivery.provider != NHS_NOTIFY:
        return False
    if delivery.provider_id is not None and not delivery.provider_id.startswith(TAKEN_BEFORE):
        return False
    uncertain = (
        select(Attempt.number)
        .where(Attempt.delivery_id == delivery.delivery_id)
        .where(or_(Attempt.outcome.is_(None), Attempt.outcome == CallOutcome.UNKNOWN))
    )
    return session.scalars(uncertain.limit(1)).first() is not None


def put_off(command: PutOff, *, session: Session, trace: Trace) -> None:
    """Withdraw a delivery that its provider does not take today.

    A critical message goes by the next channel, any other waits.
    """
    delivery, message = locked(command.delivery_id, session=session)
    if delivery.state is not DeliveryState.READY:
        return
    delivery.put_off_until = command.until
    # It may have arrived by an earlier channel: then nothing more is planned.
    _withdraw(delivery, message, Reason.DAILY_LIMIT, session=session, trace=trace)


def locked(delivery_id: UUID, *, session: Session) -> tuple[Delivery, Message]:
    """Return a delivery as it is now and its message, which nobody else can change meanwhile."""
    of_delivery = select(Delivery.message_id).where(Delivery.delivery_id == delivery_id)
    message = session.get_one(Message, session.scalars(of_delivery).one(), with_for_update=True)
    return session.get_one(Delivery, delivery_id, populate_existing=True), message


def _nhs_number(message: Message, *, session: Session) -> str | None:
    """Return by which number the person is found; nobody else is, whom a message is for."""
    if message.audience is not Audience.HOLDER:
        return None
    person_id = surviving_id(message.person_id, session=session)
    return session.get_one(Person, person_id).nhs_number


def _reason_to_withdraw(
    delivery: Delivery, message: Message, *, session: Session, trace: Trace
) -> str | None:
    if message.state is MessageState.DELIVERED:
        return Reason.DELIVERED_BEFORE
    if message.state is MessageState.CANCELLED:
        return message.reason
    standing = ways.standing_with(message, at=trace.at, session=session)
    deliveries = Delivery.of(message.message_id, session=session)
    step = ways.step_with(message, standing, deliveries, at=trace.at)
    if not isinstance(step, Send):
        return step.reason
    if delivery.channel not in step.channels:
        return Reason.NOT_BY_THIS_CHANNEL
    worded_for = delivery.language_wanted, delivery.format_wanted
    is_as_wanted = worded_for == (standing.language, standing.accessible_format)
    return None if is_as_wanted else Reason.NOT_AS_WORDED


def _withdraw(
    delivery: Delivery, message: Message, reason: str, *, session: Session, trace: Trace
) -> None:
    delivery.state, delivery.reason = DeliveryState.WITHDRAWN, reason
    if message.state is MessageState.WAITING:
        story = replace(trace, correlation_id=message.correlation_id)
        session.flush()
        messages.plan(message, session=session, trace=story)


def _letter(
    delivery: Delivery, message: Message, to: list[str], *, session: Session, trace: Trace
) -> Letter | None:
    """Return a letter that we print, or None: whoever posts it can set it as well as we can.

    A folder of letters needs each printed; elsewhere those are that are in large print or in Easy
    Read, that run from right to left, or that say in another script how to have them explained.
    It is worded again, since pictures and languages are not kept; its words are kept as printed.
    """
    standing = ways.standing_with(message, at=trace.at, session=session)
    wording = ways.first_that_can(
        message, [delivery.channel], standing, at=trace.at, session=session
    )
    if wording is None or not (delivery.provider == LETTER_FOLDER or is_set_by_us(wording)):
        return None
    delivery.subject, delivery.body = wording.subject, wording.body
    delivery.language, delivery.template_version = wording.language, wording.version
    return letter_of(wording, address=to, dated_on=london_day(trace.at))


def _note_attempt(
    delivery: Delivery, recipient: Recipient, called_at: datetime, *, session: Session
) -> None:
    made = select(func.count()).where(Attempt.delivery_id == delivery.delivery_id)
    attempt = Attempt(
        delivery_id=delivery.delivery_id,
        number=(session.scalar(made) or 0) + 1,
        provider=delivery.provider or "",
        called_at=called_at,
        address_digest=digest(delivery.channel, recipient.addresses.get(delivery.channel, "")),
    )
    session.add(attempt)


def _unsubscribe_url(delivery: Delivery, message: Message, to: list[str]) -> str | None:
    """Return where an e-mail is ended by one click. What colleagues get is their work."""
    is_wanted = delivery.channel is Channel.EMAIL and message.audience not in STAFF
    return address_for(to[0]) if is_wanted else None


def _address(recipient: Recipient, channel: Channel) -> list[str]:
    if channel is Channel.LETTER:
        return address_lines(recipient.name, recipient.address_lines)
    return [recipient.addresses.get(channel, "")]
