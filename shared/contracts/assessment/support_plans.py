"""What assessment tells of support plans before they are decided on."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, version, words


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSubmitted(Event):
    """A support plan is ready to be signed by the person, the broker and the coordinator."""

    event_type: ClassVar[str] = "assessment.plan_submitted.v1"
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int
    content_sha256: str


class PlanSubmittedSchema(EventSchema):
    event_class = PlanSubmitted
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    content_sha256 = words()
