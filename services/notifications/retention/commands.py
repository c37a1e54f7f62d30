"""What retention can be asked to do: nothing from the edge, it is due by the clock."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyMessage:
    """Forget the facts and the words of a message."""

    message_id: UUID
