"""What can be asked about money with a broker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.broker_accounts.rules import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpBroker:
    """Book that a broker was given money: one amount, or what is each funder's."""

    top_up_id: UUID
    budget_id: UUID
    amount_pence: int | None  # divided by the agreed shares of the broker's items
    portions: Sequence[Share] | None
    bank_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBrokerReturned:
    """Book that a broker gave money back."""

    top_up_id: UUID  # of this movement; an id of its own
    budget_id: UUID
    amount_pence: int | None  # divided by what the broker has of each funder
    portions: Sequence[Share] | None
    bank_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a broker says it has of one funder's money."""

    funder_id: UUID
    held_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBrokerBalance:
    """Compare what a broker says it has with the ledger."""

    report_id: UUID
    budget_id: UUID
    on: date
    balances: Sequence[Held]
