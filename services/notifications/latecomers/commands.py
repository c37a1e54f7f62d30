"""What latecomers can be asked to do: nothing from the edge, it is due by the clock."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """Look once more for a colleague who was to hear of something."""

    message_id: UUID
