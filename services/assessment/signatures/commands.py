"""What can be asked about signatures."""

from dataclasses import dataclass
from uuid import UUID

from services.assessment.signatures.rules import SigningRole


@dataclass(frozen=True, slots=True, kw_only=True)
class SignPlan:
    """One of the three signs a version of a plan as it is."""

    plan_id: UUID
    version: int
    content_sha256: str
    role: SigningRole
    signatory_id: UUID  # for the person: theirs, or that of a representative in scope
    capacity_basis: str | None  # why a representative signs, how it was established
    is_comfortable: bool | None  # the care coordinator says so, and nobody else
    worry: str | None  # why not
