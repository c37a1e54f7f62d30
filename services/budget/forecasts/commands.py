"""What is done about forecasts."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAhead:
    """Work out what a budget is likely to come to, and tell when that has become too much."""

    budget_id: UUID
