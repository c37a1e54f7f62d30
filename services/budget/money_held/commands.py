"""What can be asked about where money is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRoutes:
    """Ask which way each item's money goes on a day, and where money is now."""

    budget_id: UUID
    on: date
    weeks: int  # how many weeks' money a broker is to have
    plan_weeks: int  # how many weeks the plan is for
