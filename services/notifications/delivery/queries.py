"""What is known of a delivery on its way, and what no channel could deliver."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notifications.delivery.models import Attempt
from services.notifications.delivery.rules import task_due_within
from services.notifications.messages.models import Delivery, Message
from services.notifications.messages.rules import DeliveryState, MessageState
from services.notifications.people.rules import STAFF, Audience
from services.notifications.reaching.rules import Reason
from services.notifications.replies.queries import unread
from services.notifications.safeguarding.queries import reviews
from services.notifications.topics.rules import Importance
from shared.messaging import tasks

COORDINATOR = "care_coordinator"
WORDS = "No channel reached the person with this message. Tell them in another way, and say so."
WORDS_OF_COPIES = "A copy did not reach who acts for the person. Check how they are reached."
WORDS_OF_NOBODY = (
    "No broker with a work address was known for two weeks, so nobody heard of this. Have one "
    "named, and see to it."
)
WORDS_AT_WORK = "An e-mail did not reach a colleague. Have their work address put right."


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCall:
    """How a delivery stands with its provider."""

    state: DeliveryState
    provider: str | None
    provider_id: str | None
    called_at: datetime | None  # system time, if it was ever called


def last_call(delivery_id: UUID, *, session: Session) -> LastCall:
    """Return how a delivery stands with its provider, and when that was last called."""
    delivery = session.get_one(Delivery, delivery_id)
    called_at = session.scalar(
        select(Attempt.called_at)
        .where(Attempt.delivery_id == delivery_id)
        .order_by(Attempt.number.desc())
        .limit(1)
    )
    return LastCall(
        state=delivery.state,
        provider=delivery.provider,
        provider_id=delivery.provider_id,
        called_at=called_at,
    )


def open_tasks(asked: Mapping[str, Any], *, session: Session) -> list[dict[str, Any]]:
    """Return what waits for somebody in this service, the earliest first.

    A message that reached nobody waits for the care coordinator until somebody says that the
    person was told in another way, or until we hear that it arrived after all.
    """
    found = tasks.open_tasks(asked, session=session)
    if asked["role"] in {None, COORDINATOR}:
        undelivered = (
            select(Message)
            .where(Message.state == MessageState.FAILED, Message.seen_to_at.is_(None))
            .order_by(Message.ended_at, Message.message_id)
            .limit(tasks.MOST)
        )
        found += [_task(message) for message in session.scalars(undelivered)]
        found += reviews(session=session)
        found += unread(session=session)
    return sorted(found, key=lambda task: task["due_at"])[: tasks.MOST]


def _words(message: Message) -> str:
    audience = message.audience
    if message.reason == Reason.NOBODY_NAMED:
        return WORDS_OF_NOBODY
    if audience in STAFF:
        return WORDS_AT_WORK
    return WORDS if audience is Audience.HOLDER else WORDS_OF_COPIES


def _task(message: Message) -> dict[str, Any]:
    within = task_due_within(is_critical=message.importance is Importance.CRITICAL)
    opened_at = message.ended_at or message.created_at
    return {
        "task_id": message.message_id,
        "kind": "message_undeliverable",
        "about": f"message/{message.message_id}",
        "words": _words(message),
        "role": COORDINATOR,
        "opened_at": opened_at,
        "due_at": opened_at + within,
    }
