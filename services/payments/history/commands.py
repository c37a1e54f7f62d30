"""What can be asked about a history."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryAsked:
    """Whose history, and from which purchase on: an answer holds so many."""

    person_id: UUID
    after: UUID | None = None  # the last purchase of the page before
