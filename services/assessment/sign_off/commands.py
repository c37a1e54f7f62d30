"""What can be asked about signatures and decisions."""

from dataclasses import dataclass
from uuid import UUID

from services.assessment.sign_off.rules import DecisionOutcome, Rung, SigningRole


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPlan:
    """One of the three signs a version of a plan as it is."""

    plan_id: UUID
    version: int
    content_sha256: str
    role: SigningRole
    signatory_id: UUID
    is_comfortable: bool | None  # the care coordinator says so, and nobody else
    worry: str | None  # why not


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePlan:
    """The right rung decides on a signed plan, with reasons."""

    plan_id: UUID
    version: int
    rung: Rung
    decider_id: UUID
    outcome: DecisionOutcome
    reasons: str
