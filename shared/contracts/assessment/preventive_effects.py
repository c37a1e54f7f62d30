"""What assessment tells of reductions that it holds up."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import DataClass, Event, EventSchema, pence


@dataclass(frozen=True, slots=True, kw_only=True)
class ReductionBlocked(Event):
    """Less was asked for, and waits until it is explained and shown to the person."""

    event_type: ClassVar[str] = "assessment.reduction_blocked.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    domains: list[str]  # in which lower levels were seen, and which no statement explains yet
    standing_pence: int  # what stays
    asked_pence: int
    same_levels_pence: int | None  # what the levels of before come to now, where that is less


class ReductionBlockedSchema(EventSchema):
    event_class = ReductionBlocked
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    domains = fields.List(fields.String(), required=True)
    standing_pence = pence()
    asked_pence = pence()
    same_levels_pence = fields.Integer(
        strict=True, required=True, allow_none=True, validate=validate.Range(min=0)
    )
