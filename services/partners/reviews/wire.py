"""A partner asks that a plan be looked at again."""

from collections.abc import Mapping
from typing import Any

from services.partners import forms
from services.partners.catalogue.rules import Incoming, Told


class ReviewForm(forms.Form):
    """Something happened, so that the plan should be looked at again soon."""

    referral_id = forms.id_of()
    trigger = forms.words()


def _request(told: Told) -> Mapping[str, Any]:
    return {**told.data, "asked_by": "partner"}


INCOMING = (
    Incoming(
        name="review.request.v1",
        says="ask that a plan be looked at again",
        form=ReviewForm,
        operation="assessment.request_review",
        request=_request,
        new_id="review_id",
    ),
)
