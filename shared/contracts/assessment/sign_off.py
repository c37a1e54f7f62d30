"""What assessment tells of decisions on support plans."""

from dataclasses import dataclass, field
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
class ItemGoal:
    """What an item is for, in the person's words."""

    goal_id: UUID
    words: str


class ItemGoalSchema(PartSchema):
    part_class = ItemGoal
    goal_id = fields.UUID(required=True)
    words = words()


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
    goals: list[ItemGoal] = field(
        default_factory=list
    )  # whom it serves reads them; who pays need not

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
    goals = fields.List(fields.Nested(ItemGoalSchema), required=True)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWithoutMoneyApproved(Event):
    """A signed plan that costs nothing was agreed: there is no budget to pay it from."""

    event_type: ClassVar[str] = "assessment.plan_without_money_approved.v1"
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int
    decided_by_rung: str


class PlanWithoutMoneyApprovedSchema(EventSchema):
    event_class = PlanWithoutMoneyApproved
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    decided_by_rung = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReasons:
    """Why one item was refused or has to change."""

    item_id: UUID
    reasons: str


class ItemReasonsSchema(PartSchema):
    part_class = ItemReasons
    item_id = fields.UUID(required=True)
    reasons = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReturned(Event):
    """Something has to change in a plan before it is decided on."""

    event_type: ClassVar[str] = "assessment.plan_returned.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # reasons speak of somebody's life
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int
    decision_id: UUID
    decided_by_rung: str
    reasons: str
    items: list[ItemReasons]


class PlanReturnedSchema(EventSchema):
    event_class = PlanReturned
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    decision_id = fields.UUID(required=True)
    decided_by_rung = words()
    reasons = words()
    items = fields.List(fields.Nested(ItemReasonsSchema), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRefused(Event):
    """A plan, or a part of it, was refused: why, what else there is, and how to appeal."""

    event_type: ClassVar[str] = "assessment.plan_refused.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # reasons speak of somebody's life
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int
    decision_id: UUID
    is_in_part: bool  # the rest was approved
    decided_by_rung: str
    reasons: str
    items: list[ItemReasons]
    alternatives: str
    appeal_route: str


class PlanRefusedSchema(EventSchema):
    event_class = PlanRefused
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    decision_id = fields.UUID(required=True)
    is_in_part = fields.Boolean(required=True)
    decided_by_rung = words()
    reasons = words()
    items = fields.List(fields.Nested(ItemReasonsSchema), required=True)
    alternatives = words()
    appeal_route = words()
