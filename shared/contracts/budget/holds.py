"""Money set aside for a purchase, spent and given back, and what is left for others."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import Event, EventSchema, pence, version, words


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
    """The card network or the bank took more than was there, or it came back: what is overspent."""

    event_type: ClassVar[str] = "budget.overspend_recorded.v1"
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    overspent_pence: int  # on this purchase; 0 when a refund has mended it
    posted_pence: int
    overspent_before_pence: int = 0  # what was told last of this purchase
    person_id: UUID | None = None  # an earlier release did not tell it
    funder_ids: list[UUID] = field(default_factory=list)  # whose money it is


class OverspendRecordedSchema(EventSchema):
    event_class = OverspendRecorded
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    overspent_pence = pence()
    posted_pence = pence()
    overspent_before_pence = fields.Integer(
        strict=True, load_default=0, validate=validate.Range(min=0)
    )
    person_id = fields.UUID(load_default=None, allow_none=True)
    funder_ids = fields.List(fields.UUID(), load_default=list)


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
