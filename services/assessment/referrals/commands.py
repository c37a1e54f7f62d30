"""What can be asked about a referral."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.people.commands import PersonDetails
from services.assessment.referrals.rules import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReferral:
    """Somebody asks for a budget for a person."""

    referral_id: UUID  # chosen by whoever sends it, so that a repeat is recognised
    organisation: str
    basis: str  # the legal basis: local_offer, section_117, care_act, chc, …
    condition_group: str
    urgency: Urgency
    received_on: date  # by the organisation that sends it; our clock starts when it reaches us
    consent_to_share: bool
    person: PersonDetails
