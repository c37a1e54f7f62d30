"""What is asked of the totals, and what they answer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.budget.accounts.rules import AccountKind
from services.budget.funders.rules import FunderKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose accounts, and of which time: half open, as known at an instant."""

    budget_id: UUID | None  # none: of every budget
    funder_id: UUID | None  # none: of every funder
    starts_on: date
    ends_on: date
    known_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnover:
    """The accounts of one name in one funder's books; balances are credits less debits."""

    funder_id: UUID
    funder_kind: FunderKind
    funder_name: str
    account_kind: AccountKind
    account: str
    opening_pence: int
    debits_pence: int
    credits_pence: int

    @property
    def step_pence(self) -> int:
        return self.credits_pence - self.debits_pence

    @property
    def closing_pence(self) -> int:
        return self.opening_pence + self.step_pence
