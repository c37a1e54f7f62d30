"""What can be asked about suppression."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notifications.people.rules import Channel
from services.notifications.suppression.rules import SuppressionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppress:
    """Write no more by a channel: to one address, whosever it is, or to one person anywhere."""

    channel: Channel
    address_digest: str | None  # one of the two; people/digests.py makes it
    person_id: UUID | None
    reason: SuppressionReason
    until: datetime | None  # none: until it is lifted
    source: str  # organisation/role or program that says so, never a name


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressPersons:
    """Write no more by a channel to the address that a person has now, or to them anywhere."""

    person_id: UUID
    channel: Channel
    is_of_address: bool
    reason: SuppressionReason
    until: datetime | None
    set_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftSuppression:
    """Let somebody be written to again."""

    suppression_id: UUID
    lifted_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressionsAsked:
    person_id: UUID
