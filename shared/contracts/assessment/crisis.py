"""What assessment tells of crises."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisPlanActivated(Event):
    """A person's crisis plan is in force from now on."""

    event_type: ClassVar[str] = "assessment.crisis_plan_activated.v1"
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    plan_id: UUID
    activated_at: datetime


class CrisisPlanActivatedSchema(EventSchema):
    event_class = CrisisPlanActivated
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    activated_at = fields.AwareDateTime(required=True)
