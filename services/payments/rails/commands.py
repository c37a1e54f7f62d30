"""What can be asked about rails."""

from dataclasses import dataclass
from uuid import UUID

from services.payments.entitlements.rules import Rail
from services.payments.rails.rules import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAtRail:
    """See whether the issuer or the bank can be reached. Not from the edge."""

    party: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class UseSecondRail:
    """Pay for a purchase by bank transfer and not by card, or the other way round."""

    purchase_id: UUID
    rail: Rail
    decided_by: UUID  # a staff id
    reason: str
