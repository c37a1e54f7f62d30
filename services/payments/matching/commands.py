"""What can be asked about money that belongs to no purchase yet."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchMoney:
    """Say to which purchase a refund or a capture belongs, and why."""

    presentment_id: str
    is_refund: bool
    purchase_id: UUID
    matched_by: UUID  # a staff id
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAsked:
    """Which waiting refunds somebody wants to see."""

    purchase_id: UUID | None
