"""What can be asked while a referral comes in and is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.intake.rules import DiscussionOutcome, RefusalReason
from services.assessment.people.commands import PersonDetails
from services.assessment.referrals.rules import Source, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReferral:
    """Somebody asks for a budget for a person."""

    referral_id: UUID  # chosen by whoever sends it, so that a repeat is recognised
    source: Source
    organisation: str | None  # none: the person or their family asks
    relation: str | None  # of family or friends to the person: sister
    heard_from: str | None  # how they came to know of budgets
    basis: str  # the legal basis: local_offer, section_117, care_act, chc, …
    condition_group: str
    urgency: Urgency
    received_on: date  # by the organisation that sends it; our clock starts when it reaches us
    consent_to_share: bool
    person: PersonDetails


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseReferral:
    """A budget is refused before any assessment, with everything that a refusal needs."""

    refusal_id: UUID  # chosen by the sender, so that a repeat counts once
    referral_id: UUID
    decider_id: UUID
    reason: RefusalReason
    because: str  # in words that the person can check
    evidence: Sequence[str]
    alternatives: Sequence[str]  # what there is for the person instead
    appeal_route: str  # to whom, until when, and who helps


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDiscussion:
    """Somebody talked with a person about having a budget, or says why they did not."""

    discussion_id: UUID  # chosen by the sender
    referral_id: UUID
    outcome: DiscussionOutcome
    held_on: date
    by_role: str
    because: str | None  # needed where it was not discussed
    person_words: str | None
    signposted_to: str | None
