"""What can be asked about two versions of a plan."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceAsked:
    """Somebody wants to read what changed between two versions of a plan."""

    plan_id: UUID
    earlier: int
    later: int
