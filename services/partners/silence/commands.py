"""What is done about silence."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TellSilence:
    """Nothing was heard of a partner for longer than it agreed."""

    partner: str
    silent_since: datetime
