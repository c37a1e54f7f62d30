"""The form in which a crisis is reported."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.crisis.commands import ActivateCrisisPlan


class ActivateCrisisPlanForm(forms.Form):
    command_class = ActivateCrisisPlan
    referral_id = fields.UUID(required=True)
    activated_by_role = forms.name()
