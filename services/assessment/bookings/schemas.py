"""The form of a booking of the joint assessment."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.bookings.commands import BookAssessment, Coming
from services.assessment.bookings.rules import Way, is_place_needed

MOST_COMING = 10


class ComingForm(forms.Form):
    command_class = Coming
    name = forms.name()
    role = forms.name()


class BookAssessmentForm(forms.Form):
    command_class = BookAssessment
    booking_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    starts_at = fields.AwareDateTime(required=True)
    way = fields.Enum(Way, by_value=True, required=True)
    place = forms.words_or_none(at_most=forms.LONGEST_NAME)
    coming = fields.List(
        fields.Nested(ComingForm), required=True, validate=validate.Length(1, MOST_COMING)
    )

    @validates_schema
    def _says_where(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if (loaded["place"] is not None) != is_place_needed(loaded["way"]):
            raise ValidationError("Needed for a meeting at a place, else null.", "place")
