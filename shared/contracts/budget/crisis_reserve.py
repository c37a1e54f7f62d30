"""The reserve for a crisis."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import DataClass, Event, EventSchema, pence, words


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisReserveActivated(Event):
    """What the funders promised for a crisis can be used from now on."""

    event_type: ClassVar[str] = "budget.crisis_reserve_activated.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # that somebody is in a crisis
    subject_id: ClassVar[str] = "crisis_id"
    crisis_id: UUID
    budget_id: UUID
    person_id: UUID
    usable_pence: int


class CrisisReserveActivatedSchema(EventSchema):
    event_class = CrisisReserveActivated
    crisis_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    usable_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisReserveStoodDown(Event):
    """A crisis is over: what was not used of the reserve stands again."""

    event_type: ClassVar[str] = "budget.crisis_reserve_stood_down.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # that somebody was in a crisis
    subject_id: ClassVar[str] = "crisis_id"
    crisis_id: UUID
    budget_id: UUID
    person_id: UUID
    usable_pence: int  # what it came to; used and returned make it up
    used_pence: int
    returned_pence: int


class CrisisReserveStoodDownSchema(EventSchema):
    event_class = CrisisReserveStoodDown
    crisis_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    usable_pence = pence()
    used_pence = pence()
    returned_pence = pence()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisReserveNotCalled(Event):
    """A crisis plan is in force, and there is no reserve to call: somebody must look for money."""

    event_type: ClassVar[str] = "budget.crisis_reserve_not_called.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # that somebody is in a crisis
    subject_id: ClassVar[str] = "crisis_id"
    crisis_id: UUID
    budget_id: UUID
    person_id: UUID
    code: str  # reserve_not_promised, reserve_used_up, crisis_active, budget_ended


class CrisisReserveNotCalledSchema(EventSchema):
    event_class = CrisisReserveNotCalled
    crisis_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    code = words()
