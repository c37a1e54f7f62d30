"""What assessment tells of complaints: that there is one, and never what it says."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import DataClass, Event, EventSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintMade(Event):
    """A complaint is heard outside the care team, and answered by a date."""

    event_type: ClassVar[str] = "assessment.complaint_made.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # who complains is told to nobody else
    subject_id: ClassVar[str] = "complaint_id"
    complaint_id: UUID
    person_id: UUID
    due_on: date


class ComplaintMadeSchema(EventSchema):
    event_class = ComplaintMade
    complaint_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    due_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintAnswered(Event):
    """A complaint was answered."""

    event_type: ClassVar[str] = "assessment.complaint_answered.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # who complains is told to nobody else
    subject_id: ClassVar[str] = "complaint_id"
    complaint_id: UUID
    person_id: UUID


class ComplaintAnsweredSchema(EventSchema):
    event_class = ComplaintAnswered
    complaint_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintLate(Event):
    """A complaint was not answered in time. It names nobody."""

    event_type: ClassVar[str] = "assessment.complaint_late.v1"
    subject_id: ClassVar[str] = "complaint_id"
    complaint_id: UUID
    due_on: date


class ComplaintLateSchema(EventSchema):
    event_class = ComplaintLate
    complaint_id = fields.UUID(required=True)
    due_on = fields.Date(required=True)
