"""The forms in which a crisis and its end are reported."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.crisis.commands import (
    ActivateCrisisPlan,
    ProlongCrisis,
    StandDownCrisisPlan,
)
from services.assessment.crisis.rules import ActivatedBy


class ActivateCrisisPlanForm(forms.Form):
    command_class = ActivateCrisisPlan
    crisis_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    activated_by = fields.Enum(ActivatedBy, by_value=True, required=True)
    happened = forms.words()


class ProlongCrisisForm(forms.Form):
    command_class = ProlongCrisis
    prolongation_id = fields.UUID(required=True)
    crisis_id = fields.UUID(required=True)
    prolonged_by = fields.Enum(ActivatedBy, by_value=True, required=True)
    hand_back_on = fields.Date(required=True)
    reason = forms.words()


class StandDownCrisisPlanForm(forms.Form):
    command_class = StandDownCrisisPlan
    crisis_id = fields.UUID(required=True)
    stood_down_by = fields.Enum(ActivatedBy, by_value=True, required=True)
