"""Money that becomes the person's to spend bit by bit."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import Event, EventSchema, pence


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationMade(Event):
    """A period of an allocation began, or the allocation has ended: its run was made, once."""

    event_type: ClassVar[str] = "budget.allocation_made.v1"
    subject_id: ClassVar[str] = "allocation_id"
    allocation_id: UUID
    budget_id: UUID
    funder_id: UUID
    period_starts_on: date
    allocated_pence: int  # became the person's to spend
    taken_back_pence: int  # of what was left before: it is unallocated again
    short_pence: int  # was not there; where it is carried, all that is still short


class AllocationMadeSchema(EventSchema):
    event_class = AllocationMade
    allocation_id = fields.UUID(required=True)
    budget_id = fields.UUID(required=True)
    funder_id = fields.UUID(required=True)
    period_starts_on = fields.Date(required=True)
    allocated_pence = pence()
    taken_back_pence = pence()
    short_pence = pence()
