"""What delivery can be asked to do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAcceptance:
    """The provider took a message and gave it an id of its own."""

    message_id: UUID
    provider_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """A message could not be sent, for good."""

    message_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepReceipt:
    """The provider says what became of a message. To whom it went is left out."""

    provider_id: UUID
    reference: UUID | None  # our message's id, if it is one of ours
    status: str  # in the provider's words
    completed_at: datetime | None
