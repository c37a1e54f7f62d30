"""Whether the person was told the amount: notifications says what became of the message."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.assessment.deadlines import handlers as deadlines
from services.assessment.deadlines.rules import Stage
from services.assessment.indicative_budget.models import IndicativeBudget
from services.assessment.telling.rules import TOPIC, WRITTEN_CHANNELS
from shared.contracts.notifications import MessageDelivered, MessageUndeliverable
from shared.errors import NotKnownYetError
from shared.trace import Trace


def record_delivered(event: MessageDelivered, *, session: Session, trace: Trace) -> None:
    """Note when the person was first told in writing. Other topics are not ours.

    A text only announces that there is news: it carries no amount, so it does not count.
    """
    if event.topic != TOPIC:
        return
    budget = _told_of(event, session=session)
    if event.channel in WRITTEN_CHANNELS:
        budget.note_told(event.occurred_at, channel=event.channel)
        latest = IndicativeBudget.latest(budget.referral_id, session=session)
        if latest is budget:
            deadlines.meet(
                session, stage=Stage.AMOUNT_TOLD, about_id=budget.referral_id, trace=trace
            )


def record_undeliverable(event: MessageUndeliverable, *, session: Session, trace: Trace) -> None:
    """Note that no message reached the person, so that somebody tells them in another way."""
    if event.topic != TOPIC:
        return
    budget = _told_of(event, session=session)
    if budget.undeliverable_at is None or event.occurred_at < budget.undeliverable_at:
        budget.undeliverable_at = event.occurred_at
        budget.undeliverable_because = event.reason


def _told_of(
    event: MessageDelivered | MessageUndeliverable, *, session: Session
) -> IndicativeBudget:
    person_id: UUID = event.person_id
    budget = IndicativeBudget.told_of(person_id, event.occurred_at, session=session)
    if budget is None:
        raise NotKnownYetError("No indicative budget is known.", person_id=str(person_id))
    return budget
