"""What assessment tells of reductions that it holds up."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields

from shared.contracts.event import DataClass, Event, EventSchema, pence


@dataclass(frozen=True, slots=True, kw_only=True)
class ReductionBlocked(Event):
    """Less was asked for, and waits until it is explained and shown to the person."""

    event_type: ClassVar[str] = "assessment.reduction_blocked.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    domains: list[str]  # in which lower levels were seen; none: only the amount is lower
    standing_pence: int  # what stays
    asked_pence: int


class ReductionBlockedSchema(EventSchema):
    event_class = ReductionBlocked
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    domains = fields.List(fields.String(), required=True)
    standing_pence = pence()
    asked_pence = pence()
