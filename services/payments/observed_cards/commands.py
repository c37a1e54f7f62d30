"""What can be asked about cards of others."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterObservedCard:
    """Look on a card that somebody else issued to a person for their direct payment."""

    card_id: UUID  # chosen by the caller, so that a repeat is recognised
    issuer_card_id: str  # by which its issuer tells of it; never its number
    budget_id: UUID
    item_id: UUID  # whose direct payment is spent with it
    registered_by: UUID  # the broker's staff id
