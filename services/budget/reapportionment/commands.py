"""What can be asked about shares that were decided."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Reapportion:
    """Bring what was bought under disputed shares to the shares that were decided."""

    agreement_id: UUID  # the decision
