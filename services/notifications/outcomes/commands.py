"""What outcomes can be asked to do: nothing from the edge, it is due by the clock."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOut:
    """Find out what became of a delivery of which nobody has told."""

    delivery_id: UUID
