"""What assessment tells of crises."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import DataClass, Event, EventSchema, pence, version, words


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisPlanActivated(Event):
    """A person's crisis plan is in force; told again, with another end, when it is prolonged."""

    event_type: ClassVar[str] = "assessment.crisis_plan_activated.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "crisis_id"
    business_key: ClassVar[str] = "version"
    crisis_id: UUID
    version: int  # of the crisis: 1 as it begins; it rises when it is prolonged, and at its end
    referral_id: UUID
    person_id: UUID
    plan_id: UUID
    budget_id: UUID | None  # a plan without money has none
    substitute_manager: str | None  # who looks after the budget meanwhile, in the person's words
    cap_pence: int  # how much of the funders' reserve this crisis may use
    activated_at: datetime
    hand_back_on: date  # when it ends by itself


class CrisisPlanActivatedSchema(EventSchema):
    event_class = CrisisPlanActivated
    crisis_id = fields.UUID(required=True)
    version = version()
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True, allow_none=True)
    substitute_manager = words(may_be_missing=True)
    cap_pence = pence()
    activated_at = fields.AwareDateTime(required=True)
    hand_back_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisPlanStoodDown(Event):
    """A person's crisis is over: they manage their budget again, and the reserve goes back."""

    event_type: ClassVar[str] = "assessment.crisis_plan_stood_down.v1"
    subject_id: ClassVar[str] = "crisis_id"
    business_key: ClassVar[str] = "version"
    crisis_id: UUID
    version: int
    referral_id: UUID
    person_id: UUID
    plan_id: UUID
    budget_id: UUID | None
    ended_by: str  # person, nominee, worker, partner, clock, case_closed
    stood_down_at: datetime


class CrisisPlanStoodDownSchema(EventSchema):
    event_class = CrisisPlanStoodDown
    crisis_id = fields.UUID(required=True)
    version = version()
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True, allow_none=True)
    ended_by = words()
    stood_down_at = fields.AwareDateTime(required=True)
