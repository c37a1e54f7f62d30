"""What assessment tells of deadlines."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, words


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMissed(Event):
    """What a role had to do by a day was not done. It is told once for each day set."""

    event_type: ClassVar[str] = "assessment.deadline_missed.v1"
    subject_id: ClassVar[str] = "deadline_id"
    deadline_id: UUID
    referral_id: UUID
    person_id: UUID
    stage: str
    role: str
    due_on: date


class DeadlineMissedSchema(EventSchema):
    event_class = DeadlineMissed
    deadline_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    stage = words()
    role = words()
    due_on = fields.Date(required=True)
