"""What can be asked about money that the person has shown, or given back."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReturn:
    """Keep what the person has shown that a direct payment was spent on."""

    return_id: UUID
    budget_id: UUID
    item_id: UUID
    period_starts_on: date
    period_ends_on: date  # the first day that is not in it
    spent_pence: int
    evidence_reference: str  # where it is kept; says nothing of whom


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPaymentReturned:
    """Book what of a direct payment was paid back to the pool's account."""

    payment_id: UUID
    amount_pence: int
    bank_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackUnpaid:
    """Take a direct payment back that the bank could not make. By what payments tells alone."""

    payment_id: UUID
    amount_pence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendAgain:
    """Book that the bank has made a payment that had failed. By what payments tells alone."""

    payment_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOverdueReturn:
    """Tell that nothing was shown for a payment for long."""

    budget_id: UUID
    item_id: UUID
    since_on: date
    unevidenced_pence: int
