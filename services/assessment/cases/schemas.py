"""The form in which cases are asked about."""

from marshmallow import Schema, fields

from services.assessment import forms
from services.assessment.cases.commands import CaseAsked


class CaseForm(forms.Form):
    command_class = CaseAsked
    referral_id = fields.UUID(required=True)


class TotalsForm(Schema):
    """Nothing is asked but how many."""
