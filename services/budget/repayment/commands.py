"""What can be asked about repayments."""

import enum
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.repayment.rules import Addressee, Ground, Outcome
from services.budget.surplus.commands import Terms


class PaidBy(enum.StrEnum):
    """Who must pay (SI 2013/1617, reg. 15(2)(d))."""

    HOST = "host"  # out of the budget's own account: the person has nothing to do
    PERSON = "person"
    NOMINEE = "nominee"
    REPRESENTATIVE = "representative"


class Manner(enum.StrEnum):
    """How it is paid."""

    BANK_TRANSFER = "bank_transfer"
    CHEQUE = "cheque"


class Asker(enum.StrEnum):
    """Who may want a repayment reconsidered (SI 2013/1617, reg. 15(4))."""

    PERSON = "person"
    REPRESENTATIVE = "representative"  # of a person who has died: whoever acts for the estate
    NOMINEE = "nominee"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRepayment:
    """Propose that what is left over, or a part of it, goes back to whose it is."""

    repayment_id: UUID
    budget_id: UUID
    proposed_by: UUID
    ground: Ground
    reason: str
    terms: Terms
    amount_pence: int | None  # of the whole; all that is left over where not told
    addressee: Addressee  # of a person who has died it is the representative in any case


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyRepayment:
    """Give written notice of a repayment."""

    repayment_id: UUID
    budget_id: UUID
    reason: str  # as it stands in the notice
    notice_weeks: int
    payable_on: date | None  # the first day after the notice where not told
    paid_by: PaidBy
    manner: Manner


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReconsideration:
    """Record that somebody who was given notice wants it reconsidered."""

    repayment_id: UUID
    budget_id: UUID
    asked_by: Asker
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideReconsideration:
    """Uphold, reduce or withdraw a repayment that was reconsidered."""

    repayment_id: UUID
    budget_id: UUID
    decided_by: UUID  # somebody else than who proposed it
    outcome: Outcome
    reason: str
    amount_pence: int | None  # what it is reduced to


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep:
    """Confirm, post or withdraw a repayment."""

    repayment_id: UUID
    budget_id: UUID
    reason: str
