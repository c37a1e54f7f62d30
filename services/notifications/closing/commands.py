"""What closing can be asked to do: nothing from the edge, it is due by the clock."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMessage:
    """End a message that waits or failed, about somebody who has died."""

    message_id: UUID
