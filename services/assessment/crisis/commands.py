"""What can be asked in a crisis."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateCrisisPlan:
    """Put the person's crisis plan in force."""

    referral_id: UUID
    activated_by_role: str
