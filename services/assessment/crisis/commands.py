"""What can be asked in a crisis."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.crisis.rules import ActivatedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateCrisisPlan:
    """Put the person's crisis plan in force."""

    crisis_id: UUID  # chosen by whoever asks, so that a repeat is recognised
    referral_id: UUID
    activated_by: ActivatedBy
    happened: str  # in the words of whoever says so


@dataclass(frozen=True, slots=True, kw_only=True)
class ProlongCrisis:
    """The crisis goes on beyond the day on which it would end by itself."""

    prolongation_id: UUID  # chosen by whoever asks, so that a repeat is recognised
    crisis_id: UUID
    prolonged_by: ActivatedBy
    hand_back_on: date  # the new day
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandDownCrisisPlan:
    """The crisis is over: the person manages their budget again."""

    crisis_id: UUID
    stood_down_by: ActivatedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class HandBack:
    """The day went by on which a crisis ends by itself."""

    crisis_id: UUID
