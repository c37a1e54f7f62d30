"""The form in which a review is asked for."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.reviews.commands import RequestReview
from services.assessment.reviews.rules import ReviewKind


class RequestReviewForm(forms.Form):
    command_class = RequestReview
    review_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    kind = fields.Enum(ReviewKind, by_value=True, required=True)
    trigger = forms.words()
