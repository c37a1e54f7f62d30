"""What can be asked about what is left over."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is to stay in a budget, by the policy of whoever asks."""

    allowance_weeks: int  # of the weekly budget: what the person may have saved up
    plan_weeks: int  # for how many weeks the plan's cost is
    contingency_pence: int  # of the whole budget
    committed_pence: int | None  # of the whole budget; worked out from the plan where not told


NOTHING_STAYS = Terms(allowance_weeks=0, plan_weeks=1, contingency_pence=0, committed_pence=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindSurplus:
    """Look what of a budget would be left over on a day, and whose it is."""

    budget_id: UUID
    on: date
    terms: Terms
