"""What retrying can be asked to do."""

from dataclasses import dataclass
from uuid import UUID

from services.notifications.people.rules import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryByOtherChannel:
    """Send a message that failed by a channel that has not failed for it."""

    message_id: UUID
    channel: Channel
    asked_by: UUID
