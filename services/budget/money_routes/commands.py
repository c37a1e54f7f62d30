"""What can be asked about the ways of money."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.money_routes.rules import Payee, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRoute:
    """Let the money for an item of the plan go a way from a day on."""

    item_id: UUID
    budget_id: UUID
    route: Route
    starts_on: date
    reason: str
    payee: Payee | None  # of a direct payment
    account_reference: str | None  # a token that payments knows; never an account's number
