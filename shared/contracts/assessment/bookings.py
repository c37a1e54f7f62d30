"""What assessment tells of a meeting that is fixed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import DataClass, Event, EventSchema, PartSchema, version, words

WAYS = ("at_home", "at_place", "by_phone", "by_video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Somebody who comes, beside the person."""

    name: str
    role: str


class ComingSchema(PartSchema):
    part_class = Coming
    name = words()
    role = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentBooked(Event):
    """A time is fixed for the joint assessment, in place of any that was fixed before."""

    event_type: ClassVar[str] = "assessment.assessment_booked.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "referral_id"
    booking_id: UUID
    referral_id: UUID
    person_id: UUID
    version: int  # which booking of the case it is
    starts_at: datetime
    way: str
    place: str | None  # exactly of a meeting at a place; at home is where the person lives
    coming: list[Coming]


class AssessmentBookedSchema(EventSchema):
    event_class = AssessmentBooked
    booking_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    starts_at = fields.AwareDateTime(required=True)
    way = fields.String(required=True, validate=validate.OneOf(WAYS))
    place = words(may_be_missing=True)
    coming = fields.List(fields.Nested(ComingSchema), required=True)
