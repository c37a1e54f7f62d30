"""The form of a preventive-effect statement."""

from marshmallow import fields, validate

from services.assessment import forms
from services.assessment.preventive_effects.commands import (
    RecordPreventiveEffect,
    RecordPreventiveEffectShown,
)

MOST_DOMAINS = 40


class RecordPreventiveEffectForm(forms.Form):
    command_class = RecordPreventiveEffect
    statement_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    domains = fields.List(forms.name(), required=True, validate=validate.Length(max=MOST_DOMAINS))
    what_support_prevents = forms.words()
    what_if_it_ended = forms.words()
    why_less_is_right = forms.words()
    written_by_id = fields.UUID(required=True)
    written_by_role = forms.name()


class RecordPreventiveEffectShownForm(forms.Form):
    command_class = RecordPreventiveEffectShown
    statement_id = fields.UUID(required=True)
    shown_by_id = fields.UUID(required=True)
    shown_by_role = forms.name()
    shown_on = fields.Date(required=True)
    person_words = forms.words()
    interpreter = forms.words_or_none(at_most=forms.LONGEST_NAME)
