"""What can be asked about decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.assessment.reasons.rules import DecisionOutcome, ItemOutcome
from services.assessment.sign_off.rules import Capacity, Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody who was there when a meeting decided."""

    attendee_id: UUID
    capacity: Capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDecision:
    """What was decided about one item of a plan."""

    item_id: UUID
    outcome: ItemOutcome
    reasons: str | None  # there unless the item is approved


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePlan:
    """The right rung decides on a signed plan, with reasons."""

    plan_id: UUID
    version: int
    rung: Rung
    decider_id: UUID
    outcome: DecisionOutcome
    reasons: str  # to escalate: the worry
    items: Sequence[ItemDecision]
    evidence: Sequence[str]
    alternatives: str | None
    appeal_route: str | None
    escalate_to: Rung | None  # nobody named: one rung up
    skip_because: str | None
    attendees: Sequence[Attendee]  # beside the decider
    was_person_present: bool
    co_signatory_id: UUID | None
    backing: str | None  # how the organisation stands by the risks that the plan takes
