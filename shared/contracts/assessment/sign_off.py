"""What assessment tells of signatures and decisions."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import (
    DataClass,
    Event,
    EventSchema,
    PartSchema,
    count,
    pence,
    version,
    words,
)

PAYERS = ("joint", "nhs", "council")
RAILS = ("card", "bacs", "invoice")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSigned(Event):
    """One of the three signed the plan as it is."""

    event_type: ClassVar[str] = "assessment.plan_signed.v1"
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int
    role: str
    content_sha256: str


class PlanSignedSchema(EventSchema):
    event_class = PlanSigned
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    role = words()
    content_sha256 = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEscalated(Event):
    """The decision lies with another rung of the ladder, and why is on the record."""

    event_type: ClassVar[str] = "assessment.plan_escalated.v1"
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int
    rung: str
    decision_due_on: date


class PlanEscalatedSchema(EventSchema):
    event_class = PlanEscalated
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    rung = words()
    decision_due_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedItem:
    """One thing that a plan pays for, as often as ``occurrences`` says."""

    item_id: UUID
    description: str
    category: str
    unit_cost_pence: int
    occurrences: int
    rail: str
    payee: str
    merchant_category_code: str | None
    payer: str  # joint: by the funders' shares; nhs, council: by that funder alone

    @property
    def total_pence(self) -> int:
        return self.unit_cost_pence * self.occurrences


class ApprovedItemSchema(PartSchema):
    part_class = ApprovedItem
    item_id = fields.UUID(required=True)
    description = words()
    category = words()
    unit_cost_pence = pence()
    occurrences = count()
    rail = fields.String(required=True, validate=validate.OneOf(RAILS))
    payee = words()
    merchant_category_code = words(may_be_missing=True)
    payer = fields.String(required=True, validate=validate.OneOf(PAYERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApproved(Event):
    """A signed plan was decided on and is to be paid for."""

    event_type: ClassVar[str] = "assessment.plan_approved.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # what somebody needs
    subject_id: ClassVar[str] = "plan_id"
    business_key: ClassVar[str] = "version"
    plan_id: UUID
    person_id: UUID
    version: int
    budget_id: UUID  # the same for every version of a plan
    legal_basis: str
    total_pence: int
    decided_by_rung: str
    items: list[ApprovedItem]


class PlanApprovedSchema(EventSchema):
    event_class = PlanApproved
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    legal_basis = words()
    total_pence = pence()
    decided_by_rung = words()
    items = fields.List(fields.Nested(ApprovedItemSchema), required=True)
