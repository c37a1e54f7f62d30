"""What is bought: asked for, ready, refused, paid, called off."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import DataClass, Event, EventSchema, pence, version, words


def pence_or_none() -> fields.Integer:
    return fields.Integer(strict=True, load_default=0, validate=validate.Range(min=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRequested(Event):
    """A broker asks to buy something of a plan; budget answers with a hold or a refusal."""

    event_type: ClassVar[str] = "payments.purchase_requested.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    item_id: UUID
    amount_pence: int
    tolerance_pence: int = 0  # to be held beyond it, as far as nothing else needs that money


class PurchaseRequestedSchema(EventSchema):
    event_class = PurchaseRequested
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    item_id = fields.UUID(required=True)
    amount_pence = pence()
    tolerance_pence = pence_or_none()


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseApprovalWanted(Event):
    """A purchase is above what its broker may ask for alone: somebody else has to say yes."""

    event_type: ClassVar[str] = "payments.purchase_approval_wanted.v1"
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    person_id: UUID
    amount_pence: int
    counted_pence: int  # with its tolerance and what the same broker asked for like it lately
    role: str  # who may say it, at least
    due_at: datetime


class PurchaseApprovalWantedSchema(EventSchema):
    event_class = PurchaseApprovalWanted
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    amount_pence = pence()
    counted_pence = pence()
    role = words()
    due_at = fields.AwareDateTime(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseReady(Event):
    """The money is held and the way to pay is open: the broker may buy now."""

    event_type: ClassVar[str] = "payments.purchase_ready.v1"
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    rail: str


class PurchaseReadySchema(EventSchema):
    event_class = PurchaseReady
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    rail = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRefused(Event):
    """A purchase will not happen, with the reason and what can be done."""

    event_type: ClassVar[str] = "payments.purchase_refused.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # why, in an approver's words
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    person_id: UUID
    code: str
    reason: str
    next_step: str


class PurchaseRefusedSchema(EventSchema):
    event_class = PurchaseRefused
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    code = words()
    reason = words()
    next_step = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseAmountsChanged(Event):
    """What a purchase reserves and what it has cost, as absolute amounts."""

    event_type: ClassVar[str] = "payments.purchase_amounts_changed.v1"
    subject_id: ClassVar[str] = "purchase_id"
    business_key: ClassVar[str] = "version"
    purchase_id: UUID
    version: int
    budget_id: UUID
    held_pence: int
    posted_pence: int
    unmatched_pence: int = 0  # refunded beyond what was captured until now


class PurchaseAmountsChangedSchema(EventSchema):
    event_class = PurchaseAmountsChanged
    purchase_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    held_pence = pence()
    posted_pence = pence()
    unmatched_pence = pence_or_none()


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseCompleted(Event):
    """Something was bought, paid for and booked."""

    event_type: ClassVar[str] = "payments.purchase_completed.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # what somebody bought
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID
    person_id: UUID
    description: str
    posted_pence: int
    available_pence: int


class PurchaseCompletedSchema(EventSchema):
    event_class = PurchaseCompleted
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    description = words()
    posted_pence = pence()
    available_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseCancelled(Event):
    """A purchase was called off before anything was paid; its money is free again."""

    event_type: ClassVar[str] = "payments.purchase_cancelled.v1"
    subject_id: ClassVar[str] = "purchase_id"
    purchase_id: UUID
    budget_id: UUID


class PurchaseCancelledSchema(EventSchema):
    event_class = PurchaseCancelled
    purchase_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
