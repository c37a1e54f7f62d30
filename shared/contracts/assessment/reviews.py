"""What assessment tells of reviews."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import DataClass, Event, EventSchema, words


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewHeld(Event):
    """One meeting at which a plan was looked at; it closed every review that was open."""

    event_type: ClassVar[str] = "assessment.review_held.v1"
    subject_id: ClassVar[str] = "meeting_id"
    meeting_id: UUID
    referral_id: UUID
    person_id: UUID
    held_on: date
    review_ids: list[UUID]
    clocks: list[str]  # the rules on reviews that it answers
    is_person_present: bool
    next_due_on: date | None  # None before a plan is approved


class ReviewHeldSchema(EventSchema):
    event_class = ReviewHeld
    meeting_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    held_on = fields.Date(required=True)
    review_ids = fields.List(fields.UUID(), required=True)
    clocks = fields.List(fields.String(), required=True)
    is_person_present = fields.Boolean(required=True)
    next_due_on = fields.Date(required=True, allow_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalOutcomeRecorded(Event):
    """What came of one goal. The person's words are there only if they agreed to be quoted."""

    event_type: ClassVar[str] = "assessment.goal_outcome_recorded.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "meeting_id"
    meeting_id: UUID
    person_id: UUID
    plan_id: UUID
    goal: str
    self_rating: int | None  # 0 none of it … 10 all of it
    quote: str | None


class GoalOutcomeRecordedSchema(EventSchema):
    event_class = GoalOutcomeRecorded
    meeting_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    goal = words()
    self_rating = fields.Integer(strict=True, required=True, allow_none=True)
    quote = words(may_be_missing=True)
