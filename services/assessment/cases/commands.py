"""What can be asked about cases."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAsked:
    """Somebody on a case wants to read it."""

    referral_id: UUID
