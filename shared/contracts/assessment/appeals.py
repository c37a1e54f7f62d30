"""What assessment tells of appeals."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import DataClass, Event, EventSchema, words


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLodged(Event):
    """A refusal or an amount is to be looked at again by somebody new, by a date."""

    event_type: ClassVar[str] = "assessment.appeal_lodged.v1"
    subject_id: ClassVar[str] = "appeal_id"
    appeal_id: UUID
    referral_id: UUID
    person_id: UUID
    decision_id: UUID | None  # on a plan, or
    refusal_id: UUID | None  # of the referral, or
    amount_version: int | None  # of the indicative amount
    plan_id: UUID | None
    plan_version: int | None
    due_on: date


class AppealLodgedSchema(EventSchema):
    event_class = AppealLodged
    appeal_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    decision_id = fields.UUID(required=True, allow_none=True)
    refusal_id = fields.UUID(required=True, allow_none=True)
    amount_version = fields.Integer(
        strict=True, required=True, allow_none=True, validate=validate.Range(min=1)
    )
    plan_id = fields.UUID(required=True, allow_none=True)
    plan_version = fields.Integer(
        strict=True, required=True, allow_none=True, validate=validate.Range(min=1)
    )
    due_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecided(Event):
    """Somebody new decided on an appeal, with reasons."""

    event_type: ClassVar[str] = "assessment.appeal_decided.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # reasons speak of somebody's life
    subject_id: ClassVar[str] = "appeal_id"
    appeal_id: UUID
    referral_id: UUID
    person_id: UUID
    decision_id: UUID | None  # on a plan, or
    refusal_id: UUID | None  # of the referral, or
    amount_version: int | None  # of the indicative amount
    plan_id: UUID | None
    outcome: str
    reasons: str
    is_reopened: bool  # it is decided on, or worked out, anew
    next_route: str | None  # where the person can go next


class AppealDecidedSchema(EventSchema):
    event_class = AppealDecided
    appeal_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    decision_id = fields.UUID(required=True, allow_none=True)
    refusal_id = fields.UUID(required=True, allow_none=True)
    amount_version = fields.Integer(
        strict=True, required=True, allow_none=True, validate=validate.Range(min=1)
    )
    plan_id = fields.UUID(required=True, allow_none=True)
    outcome = fields.String(required=True, validate=validate.OneOf(("upheld", "not_upheld")))
    reasons = words()
    is_reopened = fields.Boolean(required=True)
    next_route = words(may_be_missing=True)
