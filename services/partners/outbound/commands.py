"""What can be asked about messages to partners."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A partner lost what it was told: tell it again, as far as its agreement goes today."""

    replay_id: UUID  # chosen by whoever asks, so that a repeat is recognised
    partner: str
    person_id: UUID | None  # of one person, or
    since: datetime | None  # of everybody, from an instant on
    until: datetime | None  # exclusive
