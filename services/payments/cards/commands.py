"""What can be asked about cards."""

from dataclasses import dataclass
from uuid import UUID

from services.payments.cards.rules import Loss


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCard:
    """Freeze, unfreeze or close a card; the form says which."""

    card_id: UUID
    changed_by: UUID  # a staff id
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceCard:
    """Put a new card in the place of one that was lost or stolen."""

    card_id: UUID
    because: Loss
    changed_by: UUID  # a staff id
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUsedCard:
    """Close a card whose purchase was completed long enough ago. Not from the edge."""

    card_id: UUID
    after_days: int
