"""What can be asked about safeguarding holds."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.notifications.people.rules import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldForSafeguarding:
    """Send a person nothing by one channel, or nothing at all, until somebody releases it."""

    hold_id: UUID  # chosen by the caller, so that a repeat is recognised
    person_id: UUID
    channel: Channel | None  # none: nothing at all
    review_by: date
    set_by: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSafeguardingHold:
    """Let a person's messages go again."""

    hold_id: UUID
    released_by: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldsAsked:
    person_id: UUID
