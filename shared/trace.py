"""Why, for whom and when a piece of work is done."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The story a piece of work belongs to, the message that caused it, and its time."""

    correlation_id: UUID  # the whole story, from the first request on
    causation_id: UUID  # the one command or event that led to this work
    actor: str  # organisation/role that acts, never a name
    at: datetime  # the suite's time at which the work began: aware, UTC
