"""What can be asked about the end of a financial year."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.budget.year_end.rules import YearEndRule


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeYearEnd:
    """Deal with what was left in a pool's budgets at the end of a financial year."""

    pool_id: UUID
    financial_year: int  # the year in which it started: 2026 is April 2026 to March 2027
    rules: Sequence[YearEndRule]
