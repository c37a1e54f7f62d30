"""What assessment tells of a person's life: what happened, when, and which budgets it concerns."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import DataClass, Event, EventSchema, version, words


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDied(Event):
    """A person has died. Their budgets buy nothing new from that day on."""

    event_type: ClassVar[str] = "assessment.person_died.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "person_id"
    business_key: ClassVar[str] = "version"
    person_id: UUID
    version: int  # rises with what is recorded of a person's life
    died_on: date
    budget_ids: list[UUID]


class PersonDiedSchema(EventSchema):
    event_class = PersonDied
    person_id = fields.UUID(required=True)
    version = version()
    died_on = fields.Date(required=True)
    budget_ids = fields.List(fields.UUID(), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathCorrected(Event):
    """A death was recorded wrongly: the person lives. A budget that ended for it stays ended."""

    event_type: ClassVar[str] = "assessment.death_corrected.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "person_id"
    business_key: ClassVar[str] = "version"
    person_id: UUID
    version: int  # later than that of the death, whichever arrives first


class DeathCorrectedSchema(EventSchema):
    event_class = DeathCorrected
    person_id = fields.UUID(required=True)
    version = version()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdmitted(Event):
    """A person is in hospital. Their budget goes on."""

    event_type: ClassVar[str] = "assessment.person_admitted.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "person_id"
    person_id: UUID
    admitted_on: date
    expected_discharge_on: date | None


class PersonAdmittedSchema(EventSchema):
    event_class = PersonAdmitted
    person_id = fields.UUID(required=True)
    admitted_on = fields.Date(required=True)
    expected_discharge_on = fields.Date(required=True, allow_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDischarged(Event):
    """A person has left hospital."""

    event_type: ClassVar[str] = "assessment.person_discharged.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "person_id"
    person_id: UUID
    discharged_on: date


class PersonDischargedSchema(EventSchema):
    event_class = PersonDischarged
    person_id = fields.UUID(required=True)
    discharged_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMoved(Event):
    """A person lives in another area from a day on, which may lie ahead."""

    event_type: ClassVar[str] = "assessment.person_moved.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "person_id"
    person_id: UUID
    moves_on: date
    to_area: str
    budget_ids: list[UUID]


class PersonMovedSchema(EventSchema):
    event_class = PersonMoved
    person_id = fields.UUID(required=True)
    moves_on = fields.Date(required=True)
    to_area = words()
    budget_ids = fields.List(fields.UUID(), required=True)
