"""What delivery can be asked to do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAcceptance:
    """The provider took a delivery and gave it an id of its own."""

    delivery_id: UUID
    provider_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    """A delivery was not sent, or did not arrive, for good."""

    delivery_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """The provider takes no more before ``until``; it certainly did not take this one."""

    delivery_id: UUID
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepReceipt:
    """A provider says what became of a delivery. To whom it went is left out."""

    provider: str
    provider_id: str
    reference: UUID | None  # our delivery's id, if it is one of ours
    status: str  # in the provider's words
    completed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelMessage:
    """Take back a message that no provider has yet."""

    message_id: UUID
    cancelled_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSeenTo:
    """Somebody told the person in another way what no channel could."""

    message_id: UUID
    seen_to_by: UUID
