"""What assessment tells of records opened in an emergency, by somebody outside the team."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import DataClass, Event, EventSchema, words


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAccessOpened(Event):
    """Somebody may read a person's record until an instant. The person is told of it."""

    event_type: ClassVar[str] = "assessment.emergency_access_opened.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "access_id"
    business_key: ClassVar[str] = "access_id"
    access_id: UUID
    person_id: UUID
    staff_id: UUID
    role: str
    organisation: str
    reason: str  # cannot_wait, nobody_reachable, somebody_at_risk
    opened_at: datetime
    ends_at: datetime


class EmergencyAccessOpenedSchema(EventSchema):
    event_class = EmergencyAccessOpened
    access_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    staff_id = fields.UUID(required=True)
    role = words()
    organisation = words()
    reason = words()
    opened_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAnswerWanted(Event):
    """A colleague was named as the second person for an opening, and says whether it was right."""

    event_type: ClassVar[str] = "assessment.emergency_answer_wanted.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "access_id"
    access_id: UUID
    person_id: UUID
    second_id: UUID
    second_name: str
    second_email: str  # at work
    role: str  # of whoever opened the record
    answer_due_at: datetime


class EmergencyAnswerWantedSchema(EventSchema):
    event_class = EmergencyAnswerWanted
    access_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    second_id = fields.UUID(required=True)
    second_name = words()
    second_email = words()
    role = words()
    answer_due_at = fields.AwareDateTime(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAccessEnded(Event):
    """It ended before its time: the second person objected."""

    event_type: ClassVar[str] = "assessment.emergency_access_ended.v1"
    subject_id: ClassVar[str] = "access_id"
    business_key: ClassVar[str] = "access_id"
    access_id: UUID
    person_id: UUID


class EmergencyAccessEndedSchema(EventSchema):
    event_class = EmergencyAccessEnded
    access_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
