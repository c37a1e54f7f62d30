"""From a message that failed to one that is on its way again, if nothing forbids it now."""

from dataclasses import replace

import structlog
from sqlalchemy.orm import Session

from services.notifications.delivery.claims import is_perhaps_there
from services.notifications.messages.handlers import deliver
from services.notifications.messages.models import Delivery, Message
from services.notifications.messages.rules import DeliveryState, MessageState
from services.notifications.messages.ways import first_that_can, standing_with, step_with
from services.notifications.reaching.rules import Reason, Send, Standing, Step, Wait
from services.notifications.retrying.commands import RetryByOtherChannel
from services.notifications.templates.wording import FactsUnfitError, Wording
from shared.errors import NotFoundError, Refusal
from shared.trace import Trace

log = structlog.get_logger()


class NotToBeRetriedError(Refusal):
    """The message cannot go by that channel now; ``reason`` in the details says why."""

    code = "not_to_be_retried"
    next_step = "Choose another channel, or tell the person in another way and say so."


def retry_by_other_channel(
    command: RetryByOtherChannel, *, session: Session, trace: Trace
) -> dict[str, str]:
    """Send a message that failed by another channel, and return which delivery it is.

    It is somebody's task no more, until that fails as well. What forbids a message to go forbids
    this: a hold, a suppression, hours that are not safe. Nobody passes them by asking. Nor does
    what the person perhaps has go twice: whether they have it, they can say.

    Raises:
        NotFoundError: no such message has failed, or somebody has seen to it.
        NotToBeRetriedError: it may not go by this channel now.
    """
    message = session.get(Message, command.message_id, with_for_update=True)
    if message is None or message.state is not MessageState.FAILED or message.seen_to_at:
        raise NotFoundError("No such message waits for somebody.")
    standing = standing_with(message, at=trace.at, session=session)
    deliveries = Delivery.of(message.message_id, session=session)
    if any(one.channel is command.channel and _failed(one) for one in deliveries):
        raise _refusal(command, "failed_before")
    if any(is_perhaps_there(one, session=session) for one in deliveries):
        raise _refusal(command, "perhaps_there")
    step = step_with(message, standing, deliveries, at=trace.at)
    if not isinstance(step, Send) or command.channel not in step.channels:
        raise _refusal(command, _why_not(command, step, standing), step)
    wording = _wording(command, message, standing, session=session, trace=trace)
    story = replace(trace, correlation_id=message.correlation_id)
    ordinal = len(deliveries) + 1
    delivery = deliver(message, wording, standing, ordinal, session=session, trace=story)
    message.ended_at = None
    log.info("message_retried", message_id=str(message.message_id), asked_by=str(command.asked_by))
    return {"delivery_id": str(delivery.delivery_id), "channel": command.channel.value}


def _failed(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.FAILED


def _why_not(command: RetryByOtherChannel, step: Step, standing: Standing) -> str:
    """Return why a channel is not among those by which a message may go."""
    if command.channel in standing.suppressed:
        return "suppressed"
    if command.channel in standing.held:
        return Reason.SAFEGUARDING
    return Reason.NOT_BY_THIS_CHANNEL if isinstance(step, Send) else step.reason


def _wording(
    command: RetryByOtherChannel,
    message: Message,
    standing: Standing,
    *,
    session: Session,
    trace: Trace,
) -> Wording:
    try:
        wording = first_that_can(message, [command.channel], standing, at=trace.at, session=session)
    except FactsUnfitError:
        wording = None
    if wording is None:
        raise _refusal(command, Reason.CANNOT_BE_SAID)
    return wording


def _refusal(
    command: RetryByOtherChannel, reason: str, step: Step | None = None
) -> NotToBeRetriedError:
    details = {"channel": command.channel.value, "reason": str(reason)}
    if isinstance(step, Wait) and step.until is not None:
        details["until"] = step.until.isoformat()
    return NotToBeRetriedError("This message cannot go by this channel now.", **details)
