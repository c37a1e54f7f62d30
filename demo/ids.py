"""Ids that follow from the run and the case, so that a repeated command is recognised."""

from dataclasses import dataclass
from uuid import UUID, uuid5


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseIds:
    """The ids of everything in one case of one run."""

    run_id: UUID
    case_ref: str

    def of(self, thing: str) -> UUID:
        """Return the id of one thing in this case: ``purchase/0/3``."""
        return uuid5(self.run_id, f"{self.case_ref}/{thing}")

    def text(self, thing: str) -> str:
        return str(self.of(thing))
