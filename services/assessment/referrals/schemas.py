"""The form of a referral."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.people.schemas import PersonForm
from services.assessment.referrals.commands import ReceiveReferral
from services.assessment.referrals.rules import Urgency


class ReceiveReferralForm(forms.Form):
    command_class = ReceiveReferral
    referral_id = fields.UUID(required=True)
    organisation = forms.name()
    basis = forms.name()
    condition_group = forms.name()
    urgency = fields.Enum(Urgency, by_value=True, required=True)
    received_on = fields.Date(required=True)
    consent_to_share = forms.yes_or_no()
    person = fields.Nested(PersonForm, required=True)
