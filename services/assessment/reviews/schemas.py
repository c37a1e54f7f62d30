"""The forms in which a review is asked for and reported."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.reviews.commands import GoalOutcome, HoldReview, RequestReview
from services.assessment.reviews.rules import HIGHEST_RATING, AskedBy

MOST_GOALS = 200
MOST_ATTENDEES = 50


class RequestReviewForm(forms.Form):
    command_class = RequestReview
    review_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    asked_by = fields.Enum(AskedBy, by_value=True, required=True)
    trigger = forms.words()


class GoalOutcomeForm(forms.Form):
    command_class = GoalOutcome
    goal = forms.words()
    words = forms.words()
    self_rating = fields.Integer(
        strict=True,
        required=True,
        allow_none=True,
        validate=validate.Range(min=0, max=HIGHEST_RATING),
    )
    may_quote = forms.yes_or_no()


class HoldReviewForm(forms.Form):
    command_class = HoldReview
    meeting_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    held_on = fields.Date(required=True)
    attendee_roles = fields.List(
        forms.name(), required=True, validate=validate.Length(1, MOST_ATTENDEES)
    )
    is_person_present = forms.yes_or_no(data_key="person_present")
    absent_because = forms.words_or_none()
    conclusions = forms.words()
    goals = fields.List(
        fields.Nested(GoalOutcomeForm), required=True, validate=validate.Length(max=MOST_GOALS)
    )

    @validates_schema
    def _each_goal_once(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        goals = [outcome.goal for outcome in loaded["goals"]]
        if len(set(goals)) < len(goals):
            raise ValidationError("Say of each goal once what came of it.", "goals")

    @validates_schema
    def _absence_has_a_reason(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if loaded["is_person_present"] == (loaded["absent_because"] is not None):
            raise ValidationError(
                "Say why the person was not there, if they were not, and only then.",
                "absent_because",
            )
