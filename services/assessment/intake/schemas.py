"""The forms in which a referral comes in, is talked about and refused."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from services.assessment import forms
from services.assessment.intake.commands import ReceiveReferral, RecordDiscussion, RefuseReferral
from services.assessment.intake.rules import DiscussionOutcome, RefusalReason
from services.assessment.people.schemas import PersonForm
from services.assessment.referrals.rules import Source, Urgency

MOST_ENTRIES = 20


class ReceiveReferralForm(forms.Form):
    command_class = ReceiveReferral
    referral_id = fields.UUID(required=True)
    source = fields.Enum(Source, by_value=True, required=True)
    organisation = forms.words_or_none(at_most=forms.LONGEST_NAME)
    relation = forms.words_or_none(at_most=forms.LONGEST_NAME)
    heard_from = forms.words_or_none()
    basis = forms.name()
    condition_group = forms.name()
    urgency = fields.Enum(Urgency, by_value=True, required=True)
    received_on = fields.Date(required=True)
    consent_to_share = forms.yes_or_no()
    person = fields.Nested(PersonForm, required=True)

    @validates_schema
    def _who_asks(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if (loaded["organisation"] is not None) != loaded["source"].is_organisation:
            raise ValidationError("An organisation, or null for person and family.", "organisation")
        if (loaded["relation"] is not None) != (loaded["source"] == Source.FAMILY):
            raise ValidationError("Needed for family and friends, else null.", "relation")


def _entries() -> fields.List[str]:
    return fields.List(forms.words(), required=True, validate=validate.Length(1, MOST_ENTRIES))


class RefuseReferralForm(forms.Form):
    command_class = RefuseReferral
    refusal_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    decider_id = fields.UUID(required=True)
    reason = fields.Enum(RefusalReason, by_value=True, required=True)
    because = forms.words()
    evidence = _entries()
    alternatives = _entries()
    appeal_route = forms.words()


class RecordDiscussionForm(forms.Form):
    command_class = RecordDiscussion
    discussion_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    outcome = fields.Enum(DiscussionOutcome, by_value=True, required=True)
    held_on = fields.Date(required=True)
    by_role = forms.name()
    because = forms.words_or_none()
    person_words = forms.words_or_none()
    signposted_to = forms.words_or_none()

    @validates_schema
    def _says_why_not(self, loaded: dict[str, Any], **_kwargs: Any) -> None:
        if loaded["outcome"] == DiscussionOutcome.NOT_DISCUSSED and loaded["because"] is None:
            raise ValidationError("Say why it was not discussed.", "because")
