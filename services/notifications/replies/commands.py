"""What can be asked about replies."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReply:
    """Somebody sent us a text."""

    reply_id: UUID  # the provider's
    number: str = field(repr=False)
    message: str = field(repr=False)
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeToReply:
    """A person has read a text and done about it what was to be done."""

    reply_id: UUID
    seen_to_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer:
    """Somebody who asked for help was told who we are."""

    reply_id: UUID
