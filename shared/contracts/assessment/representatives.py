"""What assessment tells of those who act for a person."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import DataClass, Event, EventSchema, PartSchema, version, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ActingFor:
    """Somebody who may act for a person between two days."""

    representative_id: UUID
    kind: str  # nominee, attorney, deputy, appointee, advocate, executor
    name: str
    scopes: list[str]  # sign_plan, manage_money, receive_messages, speak_for
    starts_on: date
    ends_on: date | None  # the last day
    email: str | None
    mobile: str | None


class ActingForSchema(PartSchema):
    part_class = ActingFor
    representative_id = fields.UUID(required=True)
    kind = words()
    name = words()
    scopes = fields.List(fields.String(), required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    email = words(may_be_missing=True)
    mobile = words(may_be_missing=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepresentativeChanged(Event):
    """Who may act for a person now or later, whole and not as a step."""

    event_type: ClassVar[str] = "assessment.representative_changed.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "person_id"
    business_key: ClassVar[str] = "version"
    person_id: UUID
    version: int
    representatives: list[ActingFor]


class RepresentativeChangedSchema(EventSchema):
    event_class = RepresentativeChanged
    person_id = fields.UUID(required=True)
    version = version()
    representatives = fields.List(fields.Nested(ActingForSchema), required=True)
