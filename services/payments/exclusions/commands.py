"""What can be asked about exclusions."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.payments.exclusions.rules import Kind, Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeExclusion:
    """Say what is not to be paid for, or that an exclusion is not to apply."""

    exclusion_id: UUID
    kind: Kind
    strength: Strength
    funder: str | None
    merchant_category_code: str | None
    item_category: str | None
    item_id: UUID | None
    lifts: UUID | None
    applies_from: date
    applies_until: date | None
    set_by: UUID
    source: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TryExclusion:
    """See what a proposed exclusion would have refused."""

    trial_id: UUID
    exclusion_id: UUID
    days: int
    tried_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveExclusion:
    """Let a proposed exclusion apply, having seen what it would have refused."""

    exclusion_id: UUID
    approved_by: UUID
    trial_id: UUID
