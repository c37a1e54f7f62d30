"""What can be asked about journals that are wrong."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseJournal:
    """Take back what was written down and was never so."""

    journal_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectJournal:
    """Let what happened count for the right day, with the reason why it did not."""

    journal_id: UUID
    effective_on: date
    occurred_on: date
    reason: str
