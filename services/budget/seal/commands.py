"""What can be asked about seals."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SealJournals:
    """Seal everything that was written and is not sealed yet."""
