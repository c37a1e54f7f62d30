"""What assessment tells of consent."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, PartSchema, version, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    """An organisation is told nothing more for a purpose. What was agreed before stands."""

    event_type: ClassVar[str] = "assessment.consent_withdrawn.v1"
    subject_id: ClassVar[str] = "withdrawal_id"
    withdrawal_id: UUID
    person_id: UUID
    purpose: str  # assessment, support_plan, quote
    organisation: str
    withdrawn_on: date


class ConsentWithdrawnSchema(EventSchema):
    event_class = ConsentWithdrawn
    withdrawal_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    purpose = words()
    organisation = words()
    withdrawn_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """A body with which a person agreed to share their record, from one day to the last."""

    organisation: str
    starts_on: date
    ends_on: date | None


class SharedSchema(PartSchema):
    part_class = Shared
    organisation = words()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingChanged(Event):
    """With whom a person agreed that their record is shared, whole and not as a step.

    What was withdrawn has its last day; for what it was agreed assessment alone knows.
    """

    event_type: ClassVar[str] = "assessment.sharing_changed.v1"
    subject_id: ClassVar[str] = "person_id"
    business_key: ClassVar[str] = "version"
    person_id: UUID
    version: int
    shared: list[Shared]


class SharingChangedSchema(EventSchema):
    event_class = SharingChanged
    person_id = fields.UUID(required=True)
    version = version()
    shared = fields.List(fields.Nested(SharedSchema), required=True)
