"""What is to be done about totals."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTotals:
    """Add the journals that were written since to the totals of their days and months."""

    most: int
