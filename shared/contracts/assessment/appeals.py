"""What assessment tells of appeals."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import DataClass, Event, EventSchema, version, words


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLodged(Event):
    """A refusal is to be looked at again by somebody new, by a date."""

    event_type: ClassVar[str] = "assessment.appeal_lodged.v1"
    subject_id: ClassVar[str] = "appeal_id"
    appeal_id: UUID
    decision_id: UUID
    plan_id: UUID
    person_id: UUID
    plan_version: int
    due_on: date


class AppealLodgedSchema(EventSchema):
    event_class = AppealLodged
    appeal_id = fields.UUID(required=True)
    decision_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    plan_version = version()
    due_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided(Event):
    """Somebody new decided on an appeal, with reasons."""

    event_type: ClassVar[str] = "assessment.appeal_decided.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # reasons speak of somebody's life
    subject_id: ClassVar[str] = "appeal_id"
    appeal_id: UUID
    decision_id: UUID
    plan_id: UUID
    person_id: UUID
    outcome: str
    reasons: str
    is_reopened: bool  # the plan is decided on anew
    next_route: str | None  # where the person can go next


class AppealDecidedSchema(EventSchema):
    event_class = AppealDecided
    appeal_id = fields.UUID(required=True)
    decision_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(("upheld", "not_upheld")))
    reasons = words()
    is_reopened = fields.Boolean(required=True)
    next_route = words(may_be_missing=True)
