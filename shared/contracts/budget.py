"""What budget tells the others."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import Event, EventSchema, pence, version, words


def sha256() -> fields.String:
    """Return a field for a SHA-256 in hexadecimal."""
    return fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionCalled(Event):
    """A funder, or the person, is asked to pay its part into a budget."""

    event_type: ClassVar[str] = "budget.contribution_called.v1"
    subject_id: ClassVar[str] = "contribution_id"
    contribution_id: UUID
    budget_id: UUID
    funder_id: UUID  # an organisation's, or the person's
    amount_pence: int
    due_on: date


class ContributionCalledSchema(EventSchema):
    event_class = ContributionCalled
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = pence()
    due_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionCommitted(Event):
    """A funder gave its word for a contribution, under the pool's agreement."""

    event_type: ClassVar[str] = "budget.contribution_committed.v1"
    subject_id: ClassVar[str] = "contribution_id"
    contribution_id: UUID
    budget_id: UUID
    funder_id: UUID
    amount_pence: int


class ContributionCommittedSchema(EventSchema):
    event_class = ContributionCommitted
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionReceived(Event):
    """Money came in for a contribution: all of it, or a part of what a person pays."""

    event_type: ClassVar[str] = "budget.contribution_received.v1"
    subject_id: ClassVar[str] = "contribution_id"
    contribution_id: UUID
    budget_id: UUID
    funder_id: UUID
    amount_pence: int
    money: str  # new_money, or released from a block contract


class ContributionReceivedSchema(EventSchema):
    event_class = ContributionReceived
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    amount_pence = pence()
    money = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionLate(Event):
    """An organisation has not paid in what it was called for. It is told every week."""

    event_type: ClassVar[str] = "budget.contribution_late.v1"
    subject_id: ClassVar[str] = "contribution_id"
    contribution_id: UUID
    budget_id: UUID
    funder_id: UUID
    missing_pence: int
    due_on: date
    is_committed: bool  # it has given its word, and the host advances the money


class ContributionLateSchema(EventSchema):
    event_class = ContributionLate
    contribution_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    missing_pence = pence()
    due_on = fields.Date(required=True)
    is_committed = fields.Boolean(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceLow(Event):
    """What is left in a budget fell below what its partners want to hear of; told once a fall."""

    event_type: ClassVar[str] = "budget.balance_low.v1"
    subject_id: ClassVar[str] = "budget_id"
    budget_id: UUID
    person_id: UUID
    available_pence: int
    low_below_pence: int


class BalanceLowSchema(EventSchema):
    event_class = BalanceLow
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    available_pence = pence()
    low_below_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetActivated(Event):
    """Every funder has paid in or committed: the budget can be spent."""

    event_type: ClassVar[str] = "budget.budget_activated.v1"
    subject_id: ClassVar[str] = "budget_id"
    business_key: ClassVar[str] = "version"
    budget_id: UUID
    version: int
    plan_id: UUID
    person_id: UUID
    available_pence: int


class BudgetActivatedSchema(EventSchema):
    event_class = BudgetActivated
    budget_id = fields.UUID(required=True)
    version = version()
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRevised(Event):
    """A later version of the plan counts from now on.

    Where it costs less than what is spent and held, nothing is undone: ``gap_pence`` is overspent.
    """

    event_type: ClassVar[str] = "budget.budget_revised.v1"
    subject_id: ClassVar[str] = "budget_id"
    budget_id: UUID
    version: int
    plan_id: UUID
    person_id: UUID
    total_pence: int
    used_pence: int  # spent and held
    gap_pence: int


class BudgetRevisedSchema(EventSchema):
    event_class = BudgetRevised
    budget_id = fields.UUID(required=True)
    version = version()
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    total_pence = pence()
    used_pence = pence()
    gap_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Event):
    """Money was set aside for a purchase. Only payments ends a hold."""

    event_type: ClassVar[str] = "budget.hold_placed.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int  # rises with every change of this hold
    budget_id: UUID
    held_pence: int  # what is held now, not the step
    available_pence: int
    expires_at: datetime  # payments stops using it an hour before


class HoldPlacedSchema(EventSchema):
    event_class = HoldPlaced
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    held_pence = pence()
    available_pence = pence()
    expires_at = fields.AwareDateTime(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRefused(Event):
    """No money was set aside for a purchase, with the reason."""

    event_type: ClassVar[str] = "budget.hold_refused.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    code: str
    reason: str
    next_step: str


class HoldRefusedSchema(EventSchema):
    event_class = HoldRefused
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    code = words()
    reason = words()
    next_step = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCaptured(Event):
    """Money was spent. ``posted_pence`` is all that this purchase has cost until now."""

    event_type: ClassVar[str] = "budget.hold_captured.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int
    budget_id: UUID
    posted_pence: int
    held_pence: int
    available_pence: int


class HoldCapturedSchema(EventSchema):
    event_class = HoldCaptured
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    posted_pence = pence()
    held_pence = pence()
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleased(Event):
    """Money that had been set aside is free again."""

    event_type: ClassVar[str] = "budget.hold_released.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int
    budget_id: UUID
    held_pence: int
    available_pence: int


class HoldReleasedSchema(EventSchema):
    event_class = HoldReleased
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    held_pence = pence()
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldExpired(Event):
    """A hold was kept for too long; what it still held is free again, and it holds no more."""

    event_type: ClassVar[str] = "budget.hold_expired.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int
    budget_id: UUID
    released_pence: int
    available_pence: int


class HoldExpiredSchema(EventSchema):
    event_class = HoldExpired
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    released_pence = pence()
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class OverspendRecorded(Event):
    """The card network took more than was there, or gave it back: what is overspent now."""

    event_type: ClassVar[str] = "budget.overspend_recorded.v1"
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    overspent_pence: int  # on this purchase; 0 when a refund has mended it
    posted_pence: int


class OverspendRecordedSchema(EventSchema):
    event_class = OverspendRecorded
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    overspent_pence = pence()
    posted_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPosted(Event):
    """Money came back, to each funder what it had paid of it."""

    event_type: ClassVar[str] = "budget.refund_posted.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int
    budget_id: UUID
    person_id: UUID
    refunded_pence: int  # this refund
    posted_pence: int  # what the purchase still costs
    available_pence: int


class RefundPostedSchema(EventSchema):
    event_class = RefundPosted
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    refunded_pence = pence()
    posted_pence = pence()
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSealed(Event):
    """A link was added to the chain of hashes over the journals.

    Whoever keeps ``hash`` can later see that nothing before it was changed.
    """

    event_type: ClassVar[str] = "budget.ledger_sealed.v1"
    subject_id: ClassVar[str] = "seal_id"
    seal_id: UUID
    number: int  # from 1, without a gap
    journals: int
    amount_pence: int  # of all their postings
    previous_hash: str  # SHA-256, in hexadecimal
    hash: str


class LedgerSealedSchema(EventSchema):
    event_class = LedgerSealed
    seal_id = fields.UUID(required=True)
    number = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    journals = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    amount_pence = pence()
    previous_hash = sha256()
    hash = sha256()
