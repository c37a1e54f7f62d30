"""What assessment tells of reviews."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import Event, EventSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDue(Event):
    """A review will be held by a date: a planned one, or a rapid one that somebody asked for."""

    event_type: ClassVar[str] = "assessment.review_due.v1"
    subject_id: ClassVar[str] = "review_id"
    review_id: UUID
    referral_id: UUID
    person_id: UUID
    kind: str
    due_on: date


class ReviewDueSchema(EventSchema):
    event_class = ReviewDue
    review_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("planned", "rapid")))
    due_on = fields.Date(required=True)
