"""The forms in which consent is given and withdrawn."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.consent.commands import RecordConsent, WithdrawConsent
from services.assessment.consent.rules import Purpose


class RecordConsentForm(forms.Form):
    command_class = RecordConsent
    consent_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    organisation = forms.name()
    given_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    evidence = forms.words()


class WithdrawConsentForm(forms.Form):
    command_class = WithdrawConsent
    withdrawal_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    organisation = forms.name()
    withdrawn_on = fields.Date(required=True)
    evidence = forms.words()
