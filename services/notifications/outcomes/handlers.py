"""Asking by errand; what is answered goes the way of every receipt: kept raw, then applied."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from services.notifications.delivery.claims import locked
from services.notifications.delivery.commands import Fail, KeepReceipt
from services.notifications.delivery.handlers import fail, keep_receipt
from services.notifications.messages.models import Delivery
from services.notifications.messages.rules import DeliveryState
from services.notifications.outcomes import rules
from services.notifications.outcomes.commands import FindOut
from shared.messaging import errands
from shared.trace import Trace

ASK_PROVIDER = "ask_provider"  # the kind of errand


def find_out(command: FindOut, *, session: Session, trace: Trace) -> None:
    """Have the provider asked, or take the next channel when that was in vain for three days.

    A letter, which counted as delivered, is let be after a fortnight without a word.
    """
    delivery, message = locked(command.delivery_id, session=session)
    is_letter = delivery.is_taken_letter
    is_open = is_letter or delivery.state is DeliveryState.ACCEPTED
    if not is_open or delivery.accepted_at is None:
        return
    accepted_at, story = delivery.accepted_at, replace(trace, correlation_id=message.correlation_id)
    is_due = rules.is_letter_due if is_letter else rules.is_due
    if is_letter and rules.is_letter_let_be(at=trace.at, accepted_at=accepted_at):
        delivery.settled_at = trace.at
    elif not is_letter and rules.is_lost(at=trace.at, accepted_at=accepted_at):
        lost = Fail(delivery_id=command.delivery_id, reason=rules.LOST)
        fail(lost, session=session, trace=story)
    elif is_due(at=trace.at, accepted_at=accepted_at, asked_at=delivery.asked_at):
        delivery.asked_at = trace.at
        arguments = {"delivery_id": str(command.delivery_id)}
        errands.add(session, ASK_PROVIDER, arguments, trace=story)


def record_status(status: str, delivery_id: UUID, *, session: Session, trace: Trace) -> None:
    """Keep what a provider answered as if it had told it by itself."""
    delivery = session.get_one(Delivery, delivery_id)
    told = KeepReceipt(
        provider=delivery.provider or "",
        provider_id=delivery.provider_id or "",
        reference=delivery_id,
        status=status,
        completed_at=None,
    )
    keep_receipt(told, session=session, trace=trace)
