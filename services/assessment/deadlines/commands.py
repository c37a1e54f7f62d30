"""What can be asked about deadlines."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereIsItAsked:
    """Somebody on a case wants to know who has to do what by when."""

    referral_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TellMissed:
    """A day went by on which something should have been done."""

    deadline_id: UUID
