"""What can be asked about consent."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.consent.rules import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsent:
    """The person agrees to one purpose for one organisation."""

    consent_id: UUID  # chosen by the sender, so that a repeat counts once
    person_id: UUID
    purpose: Purpose
    organisation: str
    given_on: date
    ends_on: date | None  # none: until it is withdrawn
    evidence: str  # how they said so, and where that is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawConsent:
    """The person agrees no longer."""

    withdrawal_id: UUID  # chosen by the sender
    person_id: UUID
    purpose: Purpose
    organisation: str
    withdrawn_on: date
    evidence: str
