"""The form in which deadlines are asked about."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.deadlines.commands import WhereIsItAsked


class WhereIsItForm(forms.Form):
    command_class = WhereIsItAsked
    referral_id = fields.UUID(required=True)
