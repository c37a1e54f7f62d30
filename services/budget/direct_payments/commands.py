"""What can be asked about direct payments."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.direct_payments.rules import Recurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDirectPayment:
    """Pay so much for an item, again and again, to the person or their nominee."""

    schedule_id: UUID
    item_id: UUID
    budget_id: UUID
    recurrence: Recurrence
    amount_pence: int
    starts_on: date
    ends_on: date  # the first day for which nothing is paid


@dataclass(frozen=True, slots=True, kw_only=True)
class PayDirectPayments:
    """Make the payments of a pool that are due on a day."""

    pool_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PayDirectPayment:
    """Make one payment that is due."""

    schedule_id: UUID
    period_starts_on: date
