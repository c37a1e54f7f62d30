"""The form in which it is recorded that a person was told the amount."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.telling.commands import RecordToldInPerson, ToldAsked

LATEST_VERSION = 1_000_000


class RecordToldInPersonForm(forms.Form):
    command_class = RecordToldInPerson
    telling_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    version = forms.whole(at_least=1, at_most=LATEST_VERSION)
    told_by_id = fields.UUID(required=True)
    told_by_role = forms.name()
    told_on = fields.Date(required=True)
    how_understood = forms.words()
    interpreter = forms.words_or_none(at_most=forms.LONGEST_NAME)


class ToldForm(forms.Form):
    command_class = ToldAsked
    referral_id = fields.UUID(required=True)
